package io.lvsd.checkers.clock;

import io.lvsd.checkers.clock.ClockEvent.Kind;
import io.lvsd.ipvs.ffm.Libc;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Notices when this process did not run for a while: stopped, swapped out, a long collection, a suspended machine. What a
 * probe missed meanwhile says nothing about its server. Notices too when the wall clock is set.
 */
public final class PauseWatch implements AutoCloseable {
    private static final long STEP_MILLIS = 200;
    private static final Duration NOTABLE = Duration.ofSeconds(1);

    /** What clocks show. */
    interface Clocks {
        /** Goes on while the machine is suspended, and is never set: milliseconds since the boot. */
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

    /** @param clocks as this machine's, but for tests */
    PauseWatch(Clocks clocks, Consumer<ClockEvent> listener) {
        this.clocks = clocks;
        this.listener = listener;
        lastBoot = clocks.bootMillis();
        lastWall = clocks.wallMillis();
        lastPause = clocks.nanos() - NOTABLE.toNanos();
    }

    /** Watches on a thread of its own, and tells that. */
    public static PauseWatch start(Consumer<ClockEvent> listener) {
        PauseWatch watch = new PauseWatch(SYSTEM, listener);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try {
            while (!closed) {
                Thread.sleep(STEP_MILLIS);
                look();
            }
        } catch (InterruptedException _) {
            // The end.
        }
    }

    /** Looks at the clocks. By one thread. */
    void look() {
        long boot = clocks.bootMillis();
        long wall = clocks.wallMillis();
        Duration passed = Duration.ofMillis(boot - lastBoot);
        Duration stepped = Duration.ofMillis(wall - lastWall).minus(passed);
        if (passed.compareTo(NOTABLE) > 0) {
            lastPause = clocks.nanos();
            listener.accept(new ClockEvent(Kind.PAUSED, passed));
        }
        lastBoot = boot;
        lastWall = wall;
        if (stepped.abs().compareTo(NOTABLE) > 0) {
            listener.accept(new ClockEvent(Kind.STEPPED, stepped));
        }
    }

    /** Whether there was a pause since a time, of {@link System#nanoTime}; one that just ends counts. Any thread. */
    public boolean since(long start) {
        return lastPause - start >= 0 || clocks.bootMillis() - lastBoot > NOTABLE.toMillis();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
