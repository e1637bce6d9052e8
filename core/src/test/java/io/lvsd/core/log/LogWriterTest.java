package io.lvsd.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.value.LogFormat;
import io.lvsd.conf.value.LogLevel;
import io.lvsd.core.log.format.Lines;
import io.lvsd.core.log.format.LogRecord;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Targets that fail, block and return. */
@Timeout(60)
final class LogWriterTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration NEVER = Duration.ofDays(1);
    private static final int MAX_LINES = 8;

    private final LogQueue queue = new LogQueue(MAX_LINES, 1 << 20);
    private final Target standardError = new Target("stderr");
    private final Target target = new Target("journal");

    /** A target that fails with an error, or waits, as the test requests. */
    private static final class Target implements LogSink {
        private final String name;
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final CountDownLatch entered = new CountDownLatch(1);
        private volatile String error = "";
        private volatile CountDownLatch open = new CountDownLatch(0);

        Target(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void open() throws IOException {
            if (!error.isEmpty()) {
                throw new IOException(error);
            }
        }

        @Override
        public void write(LogRecord line) throws IOException {
            entered.countDown();
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            open();
            StringBuilder text = new StringBuilder(line.event());
            line.fields().forEach((k, v) -> {
                if (!k.equals("for")) {
                    text.append(' ').append(k).append('=').append(v);
                }
            });
            lines.add(text.toString());
        }

        @Override
        public void close() {
            lines.add("closed");
        }
    }

    private LogWriter writer(Duration retry) {
        LogWriter writer = new LogWriter(queue, standardError, retry);
        writer.start();
        return writer;
    }

    private void add(LogLevel level, int n) {
        queue.add(LogRecord.of(Instant.EPOCH, level, "test.line", Map.of("n", n)));
    }

    @Test
    void aChangeOfTheTargetIsInOrderWithTheLines() {
        LogWriter writer = new LogWriter(queue, standardError, NEVER);
        add(LogLevel.INFO, 1);
        writer.use(target, standardError);
        add(LogLevel.INFO, 2);
        writer.start();
        assertTrue(writer.flush(TIMEOUT));
        assertEquals(List.of("test.line n=1", "closed"), standardError.lines);
        assertEquals(List.of("test.line n=2"), target.lines);
    }

    @Test
    void linesOfATargetThatFailsAreOnStandardError() {
        LogWriter writer = writer(NEVER);
        target.error = "ENOENT";
        writer.use(target, standardError);
        add(LogLevel.INFO, 1);
        assertTrue(writer.flush(TIMEOUT));
        assertEquals(
                List.of(
                        "closed",
                        "log_target.failed target=journal reason=ENOENT effect=the log is written to standard error",
                        "test.line n=1"),
                standardError.lines);
        assertEquals("ENOENT", writer.problem().orElse(""));
        assertEquals(0, writer.lost());
    }

    @Test
    void theRecoveryOfATargetHasTheNumberOfLinesItDidNotReceive() {
        LogWriter writer = writer(Duration.ZERO);
        writer.use(target, standardError);
        add(LogLevel.INFO, 1);
        assertTrue(writer.flush(TIMEOUT));
        target.error = "EAGAIN";
        add(LogLevel.INFO, 2);
        add(LogLevel.INFO, 3);
        assertTrue(writer.flush(TIMEOUT));
        target.error = "";
        add(LogLevel.INFO, 4);
        assertTrue(writer.flush(TIMEOUT));
        assertEquals(
                List.of("test.line n=1", "log_target.recovered target=journal count=2", "test.line n=4"), target.lines);
        assertTrue(standardError.lines.containsAll(List.of("test.line n=2", "test.line n=3")));
        assertTrue(writer.problem().isEmpty());
    }

    /** As when the disk is full, or standard error is closed. */
    @Test
    void linesThatNoTargetAcceptsAreCountedAndReported() {
        LogWriter writer = writer(NEVER);
        standardError.error = "No space left on device";
        add(LogLevel.INFO, 1);
        add(LogLevel.INFO, 2);
        assertTrue(writer.flush(TIMEOUT));
        assertEquals(2, writer.lost());
        standardError.error = "";
        add(LogLevel.INFO, 3);
        assertTrue(writer.flush(TIMEOUT));
        assertEquals(
                List.of(
                        "test.line n=3",
                        "log.dropped count=2 reason=no target could be written: No space left on device"),
                standardError.lines);
    }

    /** As when a pipe is not read: adding a line never waits, and warnings have room when other lines have none. */
    @Test
    void aTargetThatBlocksDoesNotBlockThreadsThatLog() throws InterruptedException {
        LogWriter writer = writer(NEVER);
        standardError.open = new CountDownLatch(1);
        add(LogLevel.INFO, 0);
        standardError.entered.await();
        for (int i = 1; i <= 100; i++) {
            add(LogLevel.INFO, i);
        }
        add(LogLevel.WARN, 1_000);
        assertEquals(List.of(), standardError.lines);
        standardError.open.countDown();
        assertTrue(writer.flush(TIMEOUT));
        // Three quarters of the queue are for all lines, the last one for warnings.
        List<String> lines = standardError.lines;
        assertTrue(lines.contains("test.line n=6") && !lines.contains("test.line n=7"), lines::toString);
        assertTrue(lines.contains("test.line n=1000"), lines::toString);
        assertTrue(
                lines.contains("log.dropped count=94 reason=the target of the log is slower than the log"),
                lines::toString);
        assertEquals(94, writer.lost());
    }

    /** logrotate with copytruncate: the file begins with the next line, without a gap. */
    @Test
    void aFileThatIsOpenForAppendingCanBeTruncated(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("log");
        try (FileOutputStream out = new FileOutputStream(file.toFile(), true)) {
            StreamSink sink = new StreamSink(out, new Lines(LogFormat.TEXT, ZoneOffset.UTC), false);
            sink.write(LogRecord.of(Instant.EPOCH, LogLevel.INFO, "test.line", Map.of("n", 1)));
            try (FileChannel truncated = FileChannel.open(file, StandardOpenOption.WRITE)) {
                truncated.truncate(0);
            }
            sink.write(LogRecord.of(Instant.EPOCH, LogLevel.INFO, "test.line", Map.of("n", 2)));
        }
        assertEquals("1970-01-01T00:00:00.000Z INFO event=test.line n=2\n", Files.readString(file));
    }
}
