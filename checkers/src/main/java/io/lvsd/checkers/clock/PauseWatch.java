package io.lvsd.checkers.clock;

import io.lvsd.checkers.clock.ClockEvent.Kind;
import io.lvsd.ipvs.ffm.Libc;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Detects pauses of this process: a stopped or swapped process, a long garbage collection, a suspended machine. A probe that a
 * pause interrupted is no evidence about its server. Also detects changes of the wall clock.
 */
public final class PauseWatch implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 200;
    private static final Duration THRESHOLD = Duration.ofSeconds(1);

    /** The clocks of this host. */
    interface Clocks {
        /** Milliseconds since the boot, including suspended time; cannot be set. */
        long bootMillis();

        /** Milliseconds since 1970. */
        long wallMillis();

        /** {@link System#nanoTime}. */
        long nanos();
    }

    private static final Clocks SYSTEM = new Clocks() {
        @Override
        public long bootMillis() {
            return Libc.bootMillis();
        }

        @Override
        public long wallMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }
    };

    private final Clocks clocks;
    private final Consumer<ClockEvent> listener;
    private final Thread thread =
            Thread.ofPlatform().name("pause-watch").daemon().unstarted(this::watch);
    private volatile long lastBoot;
    private volatile long lastPause;
    private long lastWall;
    private volatile boolean closed;

    /** @param clocks those of this host, except in tests */
    PauseWatch(Clocks clocks, Consumer<ClockEvent> listener) {
        this.clocks = clocks;
        this.listener = listener;
        lastBoot = clocks.bootMillis();
        lastWall = clocks.wallMillis();
        lastPause = clocks.nanos() - THRESHOLD.toNanos();
    }

    /** Watches on a thread of its own and reports to a listener on it. */
    public static PauseWatch start(Consumer<ClockEvent> listener) {
        PauseWatch watch = new PauseWatch(SYSTEM, listener);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try {
            while (!closed) {
                Thread.sleep(INTERVAL_MILLIS);
                check();
            }
        } catch (InterruptedException _) {
            // It was closed.
        }
    }

    /** Compares the clocks. By one thread. */
    void check() {
        long boot = clocks.bootMillis();
        long wall = clocks.wallMillis();
        Duration passed = Duration.ofMillis(boot - lastBoot);
        Duration stepped = Duration.ofMillis(wall - lastWall).minus(passed);
        if (passed.compareTo(THRESHOLD) > 0) {
            lastPause = clocks.nanos();
            listener.accept(new ClockEvent(Kind.PAUSED, passed));
        }
        lastBoot = boot;
        lastWall = wall;
        if (stepped.abs().compareTo(THRESHOLD) > 0) {
            listener.accept(new ClockEvent(Kind.STEPPED, stepped));
        }
    }

    /** Whether there was a pause since a time, of {@link System#nanoTime}; one that just ends counts. Any thread. */
    public boolean since(long start) {
        return lastPause - start >= 0 || clocks.bootMillis() - lastBoot > THRESHOLD.toMillis();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
