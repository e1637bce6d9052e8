package io.lvsd.core.notify;

import io.lvsd.conf.source.IoReason;
import io.lvsd.core.log.LastingFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue of one consumer, and the thread that passes its items on in order. Bounded: if it is full, the oldest items are
 * dropped, which is logged at its start and end. Thread-safe.
 */
final class Outbox<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final int MAX_WAITING = 10_000;

    private final String name;
    private final Consumer<T> consumer;
    private final Runnable dropped;
    private final ThreadFactory threads;

    // all guarded by this
    private final Deque<T> waiting = new ArrayDeque<>();
    private final LastingFailure queueing = new LastingFailure();
    private boolean closed;
    private boolean idle = true;
    private @Nullable Thread thread;
    private final LastingFailure starting = new LastingFailure();

    /** @param dropped run for each item that is dropped */
    Outbox(String name, Consumer<T> consumer, Runnable dropped) {
        this(name, consumer, dropped, Thread.ofPlatform().name(name).daemon().factory());
    }

    /** @param threads creates the thread of the queue */
    Outbox(String name, Consumer<T> consumer, Runnable dropped, ThreadFactory threads) {
        this.dropped = dropped;
        this.name = name;
        this.consumer = consumer;
        this.threads = threads;
        start();
    }

    /** Starts the thread unless it runs. If the host has no thread left, items wait until a later call succeeds. */
    synchronized void start() {
        if (thread != null || closed) {
            return;
        }
        try {
            Thread created = threads.newThread(this::run);
            created.start();
            thread = created;
        } catch (OutOfMemoryError e) {
            if (starting.failed()) {
                LOG.atError()
                        .addKeyValue("consumer", name)
                        .addKeyValue("reason", IoReason.of(e))
                        .addKeyValue("effect", "notifications wait")
                        .log("notify_thread.failed");
            }
            return;
        }
        if (starting.isActive()) {
            starting.recovered(LOG.atInfo().addKeyValue("consumer", name)).log("notify_thread.recovered");
        }
    }

    /** Adds an item. Does not block. */
    synchronized void add(T item) {
        if (closed) {
            return;
        }
        start();
        if (waiting.size() >= MAX_WAITING) {
            waiting.removeFirst();
            dropped.run();
            if (queueing.failed()) {
                LOG.atWarn()
                        .addKeyValue("consumer", name)
                        .addKeyValue("reason", MAX_WAITING + " notifications are waiting")
                        .addKeyValue("effect", "the oldest are dropped")
                        .log("notify_queue.failed");
            }
        }
        waiting.addLast(item);
        notifyAll();
    }

    /** Items that wait. */
    synchronized int waiting() {
        return waiting.size();
    }

    private void run() {
        try {
            for (T item = take(); item != null; item = take()) {
                try {
                    consumer.accept(item);
                } catch (RuntimeException e) {
                    LOG.atError().addKeyValue("consumer", name).setCause(e).log("notify.failed");
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
            if (queueing.isActive()) {
                queueing.recovered(LOG.atInfo().addKeyValue("consumer", name)).log("notify_queue.recovered");
            }
            if (closed) {
                return null;
            }
            wait();
        }
        idle = false;
        return waiting.removeFirst();
    }

    /** Waits until all items were processed. Returns false after the timeout. */
    synchronized boolean drain(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!waiting.isEmpty() || !idle) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    /** Rejects further items and ends the thread. Items that still wait are lost. */
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
