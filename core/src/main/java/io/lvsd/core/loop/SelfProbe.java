package io.lvsd.core.loop;

import io.lvsd.checkers.Probes;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.conf.value.ProbeAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A probe of this process, every second on each event loop of the probes: it shows that the loops make progress. Any result
 * counts, as it is about the loop and not about the target. Thread-safe.
 */
public final class SelfProbe implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int NO = 0;
    private static final int YES = 1;

    private final Probes probes;
    private final TcpCheck check;
    /** Monotonic nanoseconds, by loop. */
    private final AtomicLongArray completed;

    private final AtomicIntegerArray running;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("self-probe").daemon().factory());

    private SelfProbe(Probes probes, TcpCheck check) {
        this.probes = probes;
        this.check = check;
        this.completed = new AtomicLongArray(probes.loops());
        this.running = new AtomicIntegerArray(probes.loops());
        for (int loop = 0; loop < probes.loops(); loop++) {
            completed.set(loop, System.nanoTime());
        }
    }

    /** @param target a listener of this process */
    public static SelfProbe start(Probes probes, InetSocketAddress target) {
        ProbeAddress address =
                new ProbeAddress(target.getAddress(), target.getPort(), Optional.empty(), 0, "", 0, TIMEOUT);
        SelfProbe probe = new SelfProbe(probes, new TcpCheck(address));
        var _ = probe.timer.scheduleAtFixedRate(probe::round, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return probe;
    }

    private void round() {
        for (int i = 0; i < completed.length(); i++) {
            int loop = i;
            if (running.compareAndSet(loop, NO, YES)) {
                probes.probeOn(loop, check, _ -> {
                    completed.set(loop, System.nanoTime());
                    running.set(loop, NO);
                });
            }
        }
    }

    /** When the loop that is furthest behind completed a probe; monotonic nanoseconds. */
    public long completedAt() {
        long now = System.nanoTime();
        long oldest = 0;
        for (int loop = 0; loop < completed.length(); loop++) {
            oldest = Math.max(oldest, now - completed.get(loop));
        }
        return now - oldest;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
