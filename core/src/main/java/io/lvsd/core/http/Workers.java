package io.lvsd.core.http;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A limited number of threads for work that blocks or takes time, and a limited queue of waiting work. Platform threads: making
 * a large report would occupy the carrier threads, which other connections need. Thread-safe.
 */
public final class Workers implements AutoCloseable {
    private static final long KEEP_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    /**
     * Without threads; they are created when they are needed.
     *
     * @param name of the threads
     * @param threads 1 or more
     * @param waiting work that waits for a thread, 1 or more
     */
    public Workers(String name, int threads, int waiting) {
        this.threads = new ThreadPoolExecutor(
                threads,
                threads,
                KEEP_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(waiting),
                Thread.ofPlatform().name(name).daemon().factory());
        this.threads.allowCoreThreadTimeOut(true);
    }

    /** Runs work soon; false if too much is waiting already, or if no thread can be created. */
    boolean submit(Runnable work) {
        try {
            threads.execute(work);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError _) {
            return false;
        }
    }

    /** Work that waits for a thread. */
    int waiting() {
        return threads.getQueue().size();
    }

    /** Interrupts what runs, and drops what waits. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
