package io.lvsd.core.notify;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
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
    private final Thread thread;

    // all guarded by this
    private final Deque<T> waiting = new ArrayDeque<>();
    private long dropped;
    private boolean closed;
    private boolean idle = true;

    Outbox(String name, Consumer<T> consumer) {
        this.name = name;
        this.consumer = consumer;
        this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    /** Never blocks. */
    synchronized void add(T item) {
        if (closed) {
            return;
        }
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

    private synchronized @org.jspecify.annotations.Nullable T take() throws InterruptedException {
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
    public void close() {
        synchronized (this) {
            closed = true;
            waiting.clear();
            notifyAll();
        }
        thread.interrupt();
    }
}
