package io.lvsd.core.log;

import io.lvsd.conf.value.LogLevel;
import io.lvsd.core.log.format.LogRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The thread {@code log}: the only one that writes to a target of the log. While the target cannot be reached, lines are
 * written to standard error.
 */
final class LogWriter {
    private static final long IDLE = Duration.ofHours(1).toNanos();

    // fixed
    private final LogQueue queue;
    /** How long after a failure the target is tried again, in nanoseconds. */
    private final long retry;

    // owned by the thread "log"
    private final RateLimit limit = new RateLimit();
    private LogSink target;
    private LogSink fallback;
    /** A failure of the target, for as long as it lasts. */
    private @Nullable Failure failure;
    /** Lines that could not be written anywhere, and have not been reported. */
    private long unreported;

    private String lastError = "";

    // shared
    private final AtomicLong lost = new AtomicLong();
    private volatile String problem = "";

    private static final class Failure {
        private final long since = System.nanoTime();
        private long retryAt;
        private long lines;

        Failure(long retry) {
            retryAt = since + retry;
        }
    }

    /**
     * @param sink where lines are written until {@link #use}
     * @param retry how long after a failure a target is tried again
     */
    LogWriter(LogQueue queue, LogSink sink, Duration retry) {
        this.queue = queue;
        this.retry = retry.toNanos();
        this.target = sink;
        this.fallback = sink;
    }

    void start() {
        Thread.ofPlatform().name("log").daemon().start(this::loop);
    }

    /** Lines that were not written since the start: the queue was full, or no target could be reached. Any thread. */
    long lost() {
        return lost.get();
    }

    /** Why the target cannot be reached now. Any thread. */
    Optional<String> problem() {
        return Optional.of(problem).filter(p -> !p.isEmpty());
    }

    /**
     * Changes the target for later lines. Any thread.
     *
     * @param newFallback the same object as the target if there is nothing to fall back to
     */
    void use(LogSink newTarget, LogSink newFallback) {
        queue.run(() -> {
            target.close();
            target = newTarget;
            fallback = newFallback;
            failure = null;
            problem = "";
            try {
                target.open();
            } catch (IOException e) {
                failed(e);
            }
        });
    }

    /** Waits until the lines logged so far are written. Returns false after the timeout. Any other thread. */
    boolean flush(Duration timeout) {
        return await(() -> {}, timeout);
    }

    /** Writes what is left, with the lines that the rate limit reports. Returns false after the timeout. Any other thread. */
    boolean finish(Duration timeout) {
        return await(() -> limit.endAll(Instant.now()).forEach(this::write), timeout);
    }

    private boolean await(Runnable last, Duration timeout) {
        CountDownLatch done = new CountDownLatch(1);
        queue.run(() -> {
            last.run();
            done.countDown();
        });
        try {
            return done.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void loop() {
        while (true) {
            try {
                step();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // A line that cannot be written must not end the log.
                lost.incrementAndGet();
            }
        }
    }

    private void step() throws InterruptedException {
        switch (queue.next(untilNext())) {
            case LogQueue.Line(var line, var _) -> {
                reportSuppressed();
                if (limit.admits(line, System.nanoTime())) {
                    write(line);
                }
            }
            case LogQueue.Task(var action) -> action.run();
            case null -> {
                reportSuppressed();
                retry();
            }
        }
        reportDropped(queue.takeDropped(), "the target of the log is slower than the log");
    }

    private void reportDropped(long count, String reason) {
        if (count > 0) {
            lost.addAndGet(count);
            write(LogRecord.of(Instant.now(), LogLevel.WARN, "log.dropped", fields("count", count, "reason", reason)));
        }
    }

    private long untilNext() {
        long now = System.nanoTime();
        long next = limit.next().isPresent() ? limit.next().getAsLong() - now : IDLE;
        Failure current = failure;
        return Math.max(0, current == null ? next : Math.min(next, current.retryAt - now));
    }

    private void reportSuppressed() {
        limit.ended(System.nanoTime(), Instant.now()).forEach(this::write);
    }

    private void write(LogRecord line) {
        retry();
        Failure current = failure;
        if (current != null) {
            current.lines++;
            writeOrLose(fallback, line);
            return;
        }
        try {
            target.write(line);
        } catch (IOException e) {
            fall(e, line);
            return;
        }
        reportUnwritten(target);
    }

    @SuppressWarnings("ReferenceEquality") // the same object: there is nothing to fall back to
    private void fall(IOException e, LogRecord line) {
        if (fallback == target) {
            lose(e);
            return;
        }
        failed(e).lines = 1;
        writeOrLose(fallback, line);
    }

    private Failure failed(IOException e) {
        Failure current = new Failure(retry);
        failure = current;
        String reason = String.valueOf(e.getMessage());
        problem = reason;
        writeOrLose(
                fallback,
                LogRecord.of(
                        Instant.now(),
                        LogLevel.WARN,
                        "log_target.failed",
                        fields(
                                "target",
                                target.name(),
                                "reason",
                                reason,
                                "effect",
                                "the log is written to standard error")));
        return current;
    }

    /** The line that reports the recovery is the test of the target. */
    private void retry() {
        Failure current = failure;
        if (current == null || System.nanoTime() - current.retryAt < 0) {
            return;
        }
        Duration lasted = Duration.ofNanos(System.nanoTime() - current.since);
        LogRecord line = LogRecord.of(
                Instant.now(),
                LogLevel.INFO,
                "log_target.recovered",
                fields("target", target.name(), "count", current.lines, "for", lasted.toSeconds() + "s"));
        try {
            target.write(line);
        } catch (IOException e) {
            current.retryAt = System.nanoTime() + retry;
            return;
        }
        failure = null;
        problem = "";
        writeOrLose(fallback, line);
    }

    private void writeOrLose(LogSink sink, LogRecord line) {
        try {
            sink.write(line);
        } catch (IOException e) {
            lose(e);
            return;
        }
        reportUnwritten(sink);
    }

    private void lose(IOException e) {
        lost.incrementAndGet();
        unreported++;
        lastError = String.valueOf(e.getMessage());
    }

    /** The first line that can be written again is followed by the number of those that could not. */
    private void reportUnwritten(LogSink sink) {
        if (unreported == 0) {
            return;
        }
        String reason = "no target could be written: " + lastError;
        try {
            sink.write(LogRecord.of(
                    Instant.now(), LogLevel.WARN, "log.dropped", fields("count", unreported, "reason", reason)));
            unreported = 0;
        } catch (IOException e) {
            lastError = String.valueOf(e.getMessage());
        }
    }

    private static Map<String, Object> fields(Object... keysAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            fields.put(keysAndValues[i].toString(), keysAndValues[i + 1]);
        }
        return fields;
    }
}
