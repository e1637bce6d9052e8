package io.lvsd.checkers.transport;

import io.lvsd.checkers.clock.PauseWatch;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.ipvs.ffm.TcpBatch;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An event loop with the deadlines of its probes. Everything but {@link #start} runs on that loop. */
public final class ProbeLoop {
    /** Probes with one and the same time to live: the first that came is the first to expire. */
    private static final class Chain {
        private @Nullable Attempt first;
        private @Nullable Attempt last;

        /** In the order of expiry: only the limit for a whole probe puts one before others that are there. */
        void add(Attempt attempt) {
            Attempt before = last;
            while (before != null && before.expiry() - attempt.expiry() > 0) {
                before = before.earlier;
            }
            Attempt after = before == null ? first : before.later;
            attempt.earlier = before;
            attempt.later = after;
            if (before == null) {
                first = attempt;
            } else {
                before.later = attempt;
            }
            if (after == null) {
                last = attempt;
            } else {
                after.earlier = attempt;
            }
        }

        void remove(Attempt attempt) {
            if (attempt.earlier == null) {
                first = attempt.later;
            } else {
                attempt.earlier.later = attempt.later;
            }
            if (attempt.later == null) {
                last = attempt.earlier;
            } else {
                attempt.later.earlier = attempt.earlier;
            }
            attempt.earlier = null;
            attempt.later = null;
        }
    }

    /** A server on the same network answers faster. */
    private static final long FIRST_LOOK = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long SECOND_LOOK = TimeUnit.MILLISECONDS.toNanos(5);
    /** Bytes of a packet that is not taken apart on the way. */
    private static final int PACKET = 1_500;
    /** Bytes of the longest datagram. */
    private static final int DATAGRAM = 65_535;

    final IoEventLoop io;
    private final PauseWatch pauses;
    private final Map<Long, Chain> chains = new HashMap<>();
    private final List<Runnable> outbox = new ArrayList<>();
    private final TcpBatch sockets = new TcpBatch();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(PACKET);
    private @Nullable ByteBuffer datagram;
    /** Connections that wait for their first look. */
    private final List<StreamAttempt> fresh = new ArrayList<>();

    private @Nullable Future<?> timer;
    private long timerAt;
    /** When deadlines were judged last. */
    private long looked = System.nanoTime();

    public ProbeLoop(IoEventLoop io, PauseWatch pauses) {
        this.io = io;
        this.pauses = pauses;
    }

    PauseWatch pauses() {
        return pauses;
    }

    TcpBatch sockets() {
        return sockets;
    }

    /** Room for one packet, empty, for who runs on this loop now and until it returns. */
    ByteBuffer scratch() {
        return scratch.clear();
    }

    /** Room for one datagram of any length, empty, for who runs on this loop now and until it returns. */
    ByteBuffer datagram() {
        ByteBuffer room = datagram == null ? ByteBuffer.allocateDirect(DATAGRAM) : datagram;
        datagram = room;
        return room.clear();
    }

    /** Makes and begins attempts on this loop. Any thread. */
    public void start(List<Function<ProbeLoop, Attempt>> makers) {
        io.execute(() -> makers.forEach(maker -> begin(maker.apply(this))));
    }

    private void begin(Attempt attempt) {
        running(attempt);
        attempt.begin();
        if (!attempt.isOver()) {
            watch(attempt.expiry());
        }
    }

    /** The deadline of an attempt runs from now on. */
    void running(Attempt attempt) {
        chains.computeIfAbsent(attempt.limit(), _ -> new Chain()).add(attempt);
    }

    void ended(Attempt attempt) {
        Chain chain = chains.get(attempt.limit());
        if (chain != null) {
            chain.remove(attempt);
        }
    }

    /** Tells an outcome together with the others of this turn of the loop, so that who waits for them wakes up once. */
    void tell(Consumer<ProbeReport> done, ProbeReport report) {
        if (outbox.isEmpty()) {
            io.execute(this::flush);
        }
        outbox.add(() -> done.accept(report));
    }

    /** Looks at a connection in a moment, with all others that wait for that. */
    void lookSoon(StreamAttempt attempt) {
        if (fresh.isEmpty()) {
            Future<?> _ = io.schedule(this::look, FIRST_LOOK, TimeUnit.NANOSECONDS);
        }
        fresh.add(attempt);
    }

    private void look() {
        List<StreamAttempt> now =
                fresh.stream().filter(attempt -> !attempt.isOver()).toList();
        fresh.clear();
        now.forEach(StreamAttempt::looking);
        sockets.poll(now);
        now.forEach(StreamAttempt::looked);
    }

    private void flush() {
        List<Runnable> now = List.copyOf(outbox);
        outbox.clear();
        now.forEach(Runnable::run);
    }

    private void watch(long at) {
        if (timer != null && timerAt - at <= 0) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        timerAt = at;
        timer = io.schedule(this::expire, Math.max(0, at - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /**
     * Ends those whose deadline had passed at the last call already: since then this loop has looked at its sockets, so that
     * what arrived in time, while this thread had no processor, was seen before anybody is accused of silence.
     */
    private void expire() {
        timer = null;
        long now = System.nanoTime();
        long before = looked;
        looked = now;
        long next = Long.MAX_VALUE;
        for (Chain chain : List.copyOf(chains.values())) {
            while (chain.first != null && chain.first.expiry() - before <= 0) {
                chain.first.expire(now);
            }
            if (chain.first != null) {
                next = Math.min(next, Math.max(chain.first.expiry() - now, SECOND_LOOK));
            }
        }
        chains.values().removeIf(chain -> chain.first == null);
        if (next != Long.MAX_VALUE) {
            watch(now + next);
        }
    }
}
