package io.lvsd.checkers;

import java.time.Duration;

/**
 * Notices when this process did not run for a while: stopped, swapped out, a long collection, a suspended machine. What a
 * probe missed meanwhile says nothing about its server.
 */
final class PauseWatch implements AutoCloseable {
    private static final long STEP_MILLIS = 200;
    private static final long PAUSE = Duration.ofSeconds(1).toNanos();

    private final Thread thread =
            Thread.ofPlatform().name("pause-watch").daemon().unstarted(this::watch);
    private volatile long lastStep = System.nanoTime();
    private volatile long lastPause = lastStep - PAUSE;
    private volatile boolean closed;

    PauseWatch() {
        thread.start();
    }

    private void watch() {
        try {
            while (!closed) {
                Thread.sleep(STEP_MILLIS);
                long now = System.nanoTime();
                if (now - lastStep > PAUSE) {
                    lastPause = now;
                }
                lastStep = now;
            }
        } catch (InterruptedException _) {
            // The end.
        }
    }

    /** Whether there was a pause since a time, of {@link System#nanoTime}. Any thread. */
    boolean since(long start) {
        return lastPause - start >= 0 || System.nanoTime() - lastStep > PAUSE;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
