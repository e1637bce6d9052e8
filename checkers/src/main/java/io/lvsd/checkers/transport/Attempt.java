package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One probe over the network, from its start until its outcome is told. Lives on one loop, which alone touches it; the
 * deadlines of a loop are chained through it.
 */
public abstract class Attempt {
    private static final long MAX_LATENESS = Duration.ofMillis(300).toNanos();

    final ProbeLoop loop;
    /** For one phase of the probe, and for one read. */
    final Duration deadline;

    private final Duration total;
    private final Consumer<ProbeReport> done;
    private final long start = System.nanoTime();
    private long phaseStart = start;
    private Reason onTimeout = Reason.CONNECT_TIMEOUT;
    private Optional<Instant> certificateEnds = Optional.empty();
    /** Written on the loop. */
    private volatile boolean told;

    private boolean judging;

    // the chain of those with the same limit
    @Nullable
    Attempt earlier;

    @Nullable
    Attempt later;

    Attempt(ProbeLoop loop, Duration deadline, Consumer<ProbeReport> done) {
        this(loop, deadline, deadline, done);
    }

    /**
     * A probe of several phases.
     *
     * @param deadline for each phase
     * @param total for all of them
     */
    Attempt(ProbeLoop loop, Duration deadline, Duration total, Consumer<ProbeReport> done) {
        this.loop = loop;
        this.deadline = deadline;
        this.total = total;
        this.done = done;
    }

    /** Begins; may tell the outcome at once. */
    abstract void begin();

    /** Takes nothing more from the peer. */
    void pause() {}

    /** Lets go of the socket. Called once, after the outcome was told. */
    abstract void release();

    /** Gives back what else it holds. Called once, after that. */
    void releaseExchange() {}

    final long expiry() {
        return start + Math.min(phaseStart - start + deadline.toNanos(), total.toNanos());
    }

    /** The time that it has from its start if it hears nothing, in nanoseconds. */
    final long limit() {
        return Math.min(deadline.toNanos(), total.toNanos());
    }

    /** Whether the limit for the whole probe comes before that of its phase. */
    private boolean isCapped() {
        return total.toNanos() < phaseStart - start + deadline.toNanos();
    }

    /** A phase begins, or bytes arrived: the deadline runs anew, within the limit for the whole probe. */
    final void progressed() {
        if (!told) {
            loop.ended(this);
            phaseStart = System.nanoTime();
            loop.running(this);
        }
    }

    final boolean isOver() {
        return told;
    }

    /** From now on silence means that an answer is missing, not a connection. */
    final void connected() {
        onTimeout = Reason.RESPONSE_TIMEOUT;
        progressed();
    }

    /** The handshake shares the deadline of connecting. */
    final void handshaking() {
        onTimeout = Reason.RESPONSE_TIMEOUT;
    }

    final void certificateEnds(Instant end) {
        certificateEnds = Optional.of(end);
    }

    final void pass() {
        tell(Passed.plain());
    }

    final void fail(Reason reason, String detail) {
        tell(new Failed(reason, detail));
    }

    /** The outcome; those after the first are ignored. */
    final void tell(ProbeResult outcome) {
        if (told) {
            return;
        }
        told = true;
        loop.ended(this);
        // Asked only now: while a process stands still, a peer gives up and the network forgets.
        boolean excused = outcome instanceof Failed && loop.pauses().since(start);
        ProbeResult judged = excused ? new Inconclusive("this process did not run for a while") : outcome;
        loop.tell(done, new ProbeReport(judged, Duration.ofNanos(System.nanoTime() - start), certificateEnds));
        release();
        releaseExchange();
    }

    /** Whether nothing that still arrives counts. */
    final boolean hasHeardAll() {
        return told || judging;
    }

    /**
     * Judges an answer on another thread, and comes back with the outcome. Nobody waits for the judgement of a probe whose
     * deadline passed before its turn came.
     */
    final void judgeElsewhere(Supplier<ProbeResult> judgement) {
        judging = true;
        pause();
        try {
            var _ = Thread.ofVirtual().name("evaluate").start(() -> evaluate(judgement));
        } catch (OutOfMemoryError e) {
            // A virtual thread may need another thread of the host to run on.
            tell(new Inconclusive("no thread can be created: " + e.getMessage()));
        }
    }

    private void evaluate(Supplier<ProbeResult> judgement) {
        if (told) {
            return;
        }
        ProbeResult outcome = judged(judgement);
        try {
            loop.io.execute(() -> tell(outcome));
        } catch (RejectedExecutionException _) {
            // The daemon ends, and nobody waits for the outcome any more.
        }
    }

    private static ProbeResult judged(Supplier<ProbeResult> judgement) {
        try {
            return judgement.get();
        } catch (OutOfMemoryError _) {
            return new Inconclusive("out of memory");
        }
    }

    /** The deadline has passed. A timer that ran late says that this process had no time to look. */
    final void expire(long now) {
        long late = now - expiry();
        tell(late > MAX_LATENESS ? new Inconclusive("the deadline was noticed too late") : atDeadline(onTimeout));
    }

    /** What silence until the deadline means. */
    ProbeResult atDeadline(Reason reason) {
        String limit = isCapped() ? total.toMillis() + " ms in total (total_timeout)" : deadline.toMillis() + " ms";
        return new Failed(reason, "within " + limit);
    }
}
