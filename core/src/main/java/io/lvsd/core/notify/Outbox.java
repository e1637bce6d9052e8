package io.lvsd.core.notify;

import io.lvsd.conf.source.IoReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for one consumer, in order, and the thread that hands it over. Bounded: when it is full the oldest are
 * dropped, which is logged when it begins and when it ends. Thread-safe.
 */
final class Outbox<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("lvsd");
    private static final int LIMIT = 10_000;

    private final String name;
    private final Consumer<T> consumer;
    private final ThreadFactory threads;

    // all guarded by this
    private final Deque<T> waiting = new ArrayDeque<>();
    private long dropped;
    private boolean closed;
    private boolean idle = true;
    private @Nullable Thread thread;
    private long failures;

    Outbox(String name, Consumer<T> consumer) {
        this(name, consumer, Thread.ofPlatform().name(name).daemon().factory());
    }

    /** @param threads makes the thread that hands over */
    Outbox(String name, Consumer<T> consumer, ThreadFactory threads) {
        this.name = name;
        this.consumer = consumer;
        this.threads = threads;
        begin();
    }

    /** Starts the thread unless it runs. A host that has none left may have one later: what is added waits until then. */
    synchronized void begin() {
        if (thread != null || closed) {
            return;
        }
        try {
            Thread made = threads.newThread(this::run);
            made.start();
            thread = made;
        } catch (OutOfMemoryError e) {
            if (failures++ == 0) {
                LOG.error(
                        "event=notify_thread.failed consumer={} reason=\"{}\" effect=\"what it is for waits\"",
                        name,
                        IoReason.of(e));
            }
            return;
        }
        if (failures > 0) {
            LOG.info("event=notify_thread.recovered consumer={} count={}", name, failures);
            failures = 0;
        }
    }

    /** Never blocks. */
    synchronized void add(T item) {
        if (closed) {
            return;
        }
        begin();
        if (waiting.size() >= LIMIT) {
            waiting.removeFirst();
            if (dropped++ == 0) {
                LOG.warn("event=notify.overflow consumer={} effect=\"the oldest of {} are dropped\"", name, LIMIT);
            }
        }
        waiting.addLast(item);
        notifyAll();
    }

    private void run() {
        try {
            for (T item = take(); item != null; item = take()) {
                try {
                    consumer.accept(item);
                } catch (RuntimeException e) {
                    LOG.error("event=notify.bug consumer={}", name, e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable T take() throws InterruptedException {
        idle = true;
        notifyAll();
        while (waiting.isEmpty()) {
            if (dropped > 0) {
                LOG.warn("event=notify.overflow_over consumer={} dropped={}", name, dropped);
                dropped = 0;
            }
            if (closed) {
                return null;
            }
            wait();
        }
        idle = false;
        return waiting.removeFirst();
    }

    /** Waits until all that was added has been handed over. */
    synchronized boolean drain(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!waiting.isEmpty() || !idle) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    /** Takes no more, and ends the thread; what still waits is lost. */
    @Override
    public synchronized void close() {
        closed = true;
        waiting.clear();
        notifyAll();
        if (thread != null) {
            thread.interrupt();
        }
    }
}
