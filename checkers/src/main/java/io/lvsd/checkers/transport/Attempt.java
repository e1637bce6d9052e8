package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbePhases;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.conf.value.ProbeAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One probe over the network: its deadline, the actions of its protocol and its result, which is reported once. Used by the
 * thread of one loop.
 */
public final class Attempt {
    private static final long MAX_LATENESS = Duration.ofMillis(300).toNanos();

    private final ProbeLoop loop;
    /** Nanoseconds for one phase of the probe, and for one read. */
    private final long phase;
    /** Nanoseconds for all phases. */
    private final long total;

    private final Consumer<ProbeReport> done;
    private final Connection connection;
    private final long start = System.nanoTime();
    private long phaseStart = start;
    private Reason timeoutReason = Reason.CONNECT_TIMEOUT;
    /** Ends of phases, monotonic nanoseconds; 0: not reached. */
    private long connectedAt;

    private long handshakeAt;
    private long firstByteAt;
    private Optional<Instant> certificateExpiry = Optional.empty();
    private boolean evaluating;
    private BodyBufferPermits.@Nullable Permit permit;
    /** Written by the loop, read by the thread of an evaluation. */
    private volatile boolean completed;

    // Written by Deadlines: the place of this attempt in a chain.
    @Nullable
    Attempt earlier;

    @Nullable
    Attempt later;

    Deadlines.@Nullable Chain chain;

    Attempt(ProbeLoop loop, ProbeAddress target, Connection.Factory transport, Consumer<ProbeReport> done) {
        this.loop = loop;
        this.phase = target.deadline().toNanos();
        this.total = target.total().toNanos();
        this.done = done;
        this.connection = transport.create(this);
    }

    ProbeLoop loop() {
        return loop;
    }

    void open() {
        connection.open();
    }

    // ---- the deadline

    long expiry() {
        return start + Math.min(phaseStart - start + phase, total);
    }

    /** Nanoseconds from the start to the first deadline. */
    long limit() {
        return Math.min(phase, total);
    }

    /** Bytes arrived: the deadline of the phase starts again, within that of the whole probe. */
    void progressed() {
        restartPhase();
        if (firstByteAt == 0) {
            firstByteAt = phaseStart;
        }
    }

    /** Bytes arrived that share the deadline of those before. */
    void received() {
        if (firstByteAt == 0) {
            firstByteAt = System.nanoTime();
        }
    }

    private void restartPhase() {
        if (!completed) {
            phaseStart = System.nanoTime();
            loop.deadlines().restart(this);
        }
    }

    /** The connection is established, with TLS if the check uses it: from now on a timeout is one of the response. */
    void connected() {
        timeoutReason = Reason.RESPONSE_TIMEOUT;
        restartPhase();
        if (connectedAt == 0) {
            connectedAt = phaseStart;
        } else {
            handshakeAt = phaseStart;
        }
    }

    /** A timeout is one of the response. The TLS handshake shares the deadline of the connection. */
    void handshaking() {
        timeoutReason = Reason.RESPONSE_TIMEOUT;
        connectedAt = System.nanoTime();
    }

    /** The deadline has passed. A timer that fired late shows that this process is overloaded. */
    void expire(long now) {
        boolean late = now - expiry() > MAX_LATENESS;
        complete(late ? new Inconclusive("event loop overloaded, timer fired late") : timeout());
    }

    private ProbeResult timeout() {
        if (isWaitingForPermit()) {
            return BodyBufferPermits.NONE_FREE;
        }
        return connection.timedOut().orElseGet(() -> new Failed(timeoutReason, timeoutDetail()));
    }

    private String timeoutDetail() {
        boolean wholeProbe = total < phaseStart - start + phase;
        if (wholeProbe) {
            return "not finished within " + Duration.ofNanos(total).toMillis() + " ms (total_timeout)";
        }
        String what = timeoutReason == Reason.CONNECT_TIMEOUT ? "no connection" : "no data";
        return what + " within " + Duration.ofNanos(phase).toMillis() + " ms";
    }

    // ---- the protocol

    /** Carries out an action of the protocol. */
    void perform(Exchange.Action action) {
        switch (action) {
            case Exchange.Action.Read() -> {}
            case Exchange.Action.Send(byte[] bytes) -> connection.send(bytes);
            case Exchange.Action.Finish(var result, byte[] farewell) -> {
                if (farewell.length > 0) {
                    connection.send(farewell);
                }
                complete(result);
            }
            case Exchange.Action.EvaluateAsync(var evaluation) -> evaluateAsync(evaluation);
        }
    }

    /** Whether bytes that still arrive have no effect. */
    boolean isResponseComplete() {
        return completed || evaluating;
    }

    /** The protocol has so many bytes of the response in memory. Pauses reading until that is permitted. */
    void buffered(int bytes) {
        if (completed || permit == null && bytes <= BodyBufferPermits.FREE) {
            return;
        }
        if (permit == null) {
            permit = loop.permits().permit(loop.io(), this::permitted);
        }
        permit.acquire(bytes);
        if (permit.isWaiting()) {
            connection.pauseReading();
        }
    }

    private void permitted() {
        if (!isResponseComplete()) {
            connection.resumeReading();
        }
    }

    boolean isWaitingForPermit() {
        return permit != null && permit.isWaiting();
    }

    /** Evaluates the response on another thread, unless the deadline passes before it has started. */
    private void evaluateAsync(Supplier<ProbeResult> evaluation) {
        evaluating = true;
        connection.pauseReading();
        try {
            var _ = Thread.ofVirtual().name("evaluate").start(() -> evaluate(evaluation));
        } catch (OutOfMemoryError e) {
            // A virtual thread may need another thread of the host.
            complete(new Inconclusive("cannot create a thread: " + e.getMessage()));
        }
    }

    private void evaluate(Supplier<ProbeResult> evaluation) {
        if (completed) {
            return;
        }
        ProbeResult result = guarded(evaluation);
        try {
            loop.io().execute(() -> complete(result));
        } catch (RejectedExecutionException _) {
            // The daemon is stopping; the result is not needed.
        }
    }

    private static ProbeResult guarded(Supplier<ProbeResult> evaluation) {
        try {
            return evaluation.get();
        } catch (OutOfMemoryError _) {
            return new Inconclusive("out of memory");
        }
    }

    // ---- the result

    boolean isCompleted() {
        return completed;
    }

    /** The server showed a certificate that is valid until then. */
    void certificateExpires(Instant at) {
        certificateExpiry = Optional.of(at);
    }

    void fail(Reason reason, String detail) {
        complete(new Failed(reason, detail));
    }

    private ProbePhases phases(long end) {
        if (connectedAt == 0) {
            return ProbePhases.UNKNOWN;
        }
        long ready = handshakeAt == 0 ? connectedAt : handshakeAt;
        return new ProbePhases(
                connectedAt - start,
                handshakeAt == 0 ? ProbePhases.NONE : handshakeAt - connectedAt,
                firstByteAt == 0 ? ProbePhases.NONE : firstByteAt - ready,
                firstByteAt == 0 ? ProbePhases.NONE : end - firstByteAt,
                connection.status());
    }

    /** Reports the result and closes the connection; has no effect after the first call. */
    void complete(ProbeResult result) {
        if (completed) {
            return;
        }
        completed = true;
        loop.deadlines().stop(this);
        // Checked only now: while this process is paused, a peer may give up and the network forgets.
        boolean paused = result instanceof Failed && loop.pauses().since(start);
        ProbeResult reported = paused ? new Inconclusive("this process was paused") : result;
        long end = System.nanoTime();
        loop.report(done, new ProbeReport(reported, Duration.ofNanos(end - start), certificateExpiry, phases(end)));
        connection.close();
        if (permit != null) {
            permit.release();
        }
    }
}
