package io.lvsd.core.log;

import io.lvsd.conf.value.LogLevel;
import io.lvsd.core.log.format.LogRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lines on their way to the thread that writes them. Adding one never waits for that thread: if the queue is full, the line is
 * dropped and counted. The last quarter of the queue is for warnings and errors. Thread-safe.
 */
final class LogQueue {
    private final int maxLines;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();

    // guarded by lock
    private final Deque<Next> waiting = new ArrayDeque<>();
    private int lines;
    private long bytes;
    private long dropped;

    /** What the thread does next: a line to write, or a task. */
    sealed interface Next {}

    /** @param size of the record, which is a sum over all fields */
    record Line(LogRecord record, int size) implements Next {}

    record Task(Runnable action) implements Next {}

    /** @param maxBytes of the memory of all lines, roughly */
    LogQueue(int maxLines, long maxBytes) {
        this.maxLines = maxLines;
        this.maxBytes = maxBytes;
    }

    /** Adds a line, or counts it as dropped. */
    void add(LogRecord line) {
        int size = line.size();
        lock.lock();
        try {
            boolean urgent = line.level().compareTo(LogLevel.WARN) <= 0;
            long share = urgent ? 4 : 3;
            if (lines >= maxLines * share / 4 || bytes + size > maxBytes * share / 4) {
                dropped++;
                return;
            }
            waiting.addLast(new Line(line, size));
            lines++;
            bytes += size;
            added.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Adds a task, which the thread runs after the lines that were added before it, and before those that are added later. */
    void run(Runnable task) {
        lock.lock();
        try {
            waiting.addLast(new Task(task));
            added.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The next line or task, in the order in which they were added; null if there is none within this time. */
    @Nullable
    Next next(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (waiting.isEmpty() && left > 0) {
                left = added.awaitNanos(left);
            }
            Next next = waiting.pollFirst();
            if (next instanceof Line(var _, int size)) {
                lines--;
                bytes -= size;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** The number of lines dropped since the last call, once the queue is half empty; 0 before. */
    long takeDropped() {
        lock.lock();
        try {
            if (lines > maxLines / 2) {
                return 0;
            }
            long count = dropped;
            dropped = 0;
            return count;
        } finally {
            lock.unlock();
        }
    }
}
