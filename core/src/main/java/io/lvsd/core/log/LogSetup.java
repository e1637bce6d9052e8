package io.lvsd.core.log;

import ch.qos.logback.classic.LoggerContext;
import io.lvsd.conf.model.LogConfig;
import io.lvsd.conf.value.LogFormat;
import io.lvsd.conf.value.LogLevel;
import io.lvsd.conf.value.LogTarget;
import io.lvsd.core.log.format.JournalDatagram;
import io.lvsd.core.log.format.Lines;
import io.lvsd.core.log.format.LogRecord;
import io.lvsd.core.log.format.SyslogDatagram;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of this process, configured in code only. Lines are queued and written by one thread, so that no other thread waits
 * for a target. Thread-safe.
 */
public final class LogSetup {
    private static final int MAX_LINES = 8_192;
    private static final long MAX_BYTES = 8L << 20;
    /** How long after a failure a target is tried again. */
    private static final Duration RETRY = Duration.ofSeconds(5);

    private static final Duration END = Duration.ofSeconds(2);
    private static final Path JOURNAL = Path.of("/run/systemd/journal/socket");
    private static final Path SYSLOG = Path.of("/dev/log");

    private static volatile @Nullable LogSetup current;
    private static volatile Consumer<LogRecord> listener = _ -> {};

    // fixed
    private final LoggerContext context;
    private final LogWriter writer;

    // guarded by this
    private final LogLevels levels;
    private LogConfig config = LogConfig.DEFAULT;

    private LogSetup(LoggerContext context, LogWriter writer) {
        this.context = context;
        this.writer = writer;
        this.levels = new LogLevels(context);
        levels.configure(config.level());
    }

    /** Makes SLF4J use {@link LogProvider}. Must run before the first logger is created. Loads no class of the log. */
    public static void install() {
        System.setProperty("slf4j.provider", "io.lvsd.core.log.LogProvider");
        System.setProperty("slf4j.internal.verbosity", "WARN");
    }

    /** Starts with text on standard error. */
    static void start(LoggerContext context) {
        LogQueue queue = new LogQueue(MAX_LINES, MAX_BYTES);
        LogWriter writer = new LogWriter(queue, standardError(LogFormat.TEXT), RETRY);
        LogAppender appender = new LogAppender(line -> {
            queue.add(line);
            listener.accept(line);
        });
        appender.setContext(context);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        current = new LogSetup(context, writer);
        context.start();
        writer.start();
        Runtime.getRuntime().addShutdownHook(new Thread(LogSetup::end, "log-end"));
    }

    /** The log; empty if another SLF4J provider is in use. */
    public static Optional<LogSetup> current() {
        return LoggerFactory.getILoggerFactory() instanceof LoggerContext
                ? Optional.ofNullable(current)
                : Optional.empty();
    }

    /**
     * Has each line that is logged from now on passed to a listener as well, in place of the former one; before the rate limit,
     * which applies to the targets. It runs on the thread that logs, and must neither block nor log.
     */
    public static void listen(Consumer<LogRecord> next) {
        listener = next;
    }

    /**
     * Applies the block {@code log} of a configuration that was accepted. Has no effect if another SLF4J provider is in use.
     *
     * @param dryRun a dry run writes to standard error, so that a monitor of the target does not take it for the daemon
     */
    public static void apply(LogConfig config, boolean dryRun) {
        current().ifPresent(log -> log.configure(dryRun ? config.onStandardError() : config));
    }

    /** Writes what is queued, for at most two seconds. */
    public static void end() {
        LogSetup setup = current;
        if (setup != null) {
            boolean _ = setup.writer.finish(END);
        }
    }

    private static StreamSink standardError(LogFormat format) {
        boolean journal = StreamSink.isJournal(System.getenv(), Path.of("/proc/self/fd/2"));
        return new StreamSink(new FileOutputStream(FileDescriptor.err), lines(format), journal);
    }

    private static Lines lines(LogFormat format) {
        return new Lines(format, ZoneId.systemDefault());
    }

    /** Applies a configuration. Ends the levels that {@link #setLevel} set. */
    synchronized void configure(LogConfig next) {
        levels.configure(next.level());
        if (next.equals(config)) {
            return;
        }
        StreamSink standardError = standardError(next.format());
        writer.use(
                switch (next.target()) {
                    case STDERR -> standardError;
                    case JOURNAL, SYSLOG -> socket(next);
                },
                standardError);
        config = next;
        context.getLogger(LogSetup.class)
                .atInfo()
                .addKeyValue("format", word(next.format()))
                .addKeyValue("target", word(next.target()))
                .addKeyValue("min_level", word(next.level()))
                .log("log.configured");
    }

    private static LogSink socket(LogConfig next) {
        long pid = ProcessHandle.current().pid();
        Lines lines = lines(next.format());
        return next.target() == LogTarget.JOURNAL
                ? new DatagramSink("journal", JOURNAL, new JournalDatagram(lines, next.facility(), pid)::of)
                : new DatagramSink("syslog", SYSLOG, new SyslogDatagram(lines, next.facility(), pid)::of);
    }

    /** Whether a text can be the name of a logger. */
    public static boolean isLoggerName(String text) {
        return LogLevels.isName(text);
    }

    /**
     * Sets the level of a logger and all below it, until the next reload or restart.
     *
     * @param logger a package or class, also without what is before it; {@code root} for all loggers, those of libraries
     *     included; empty: all of lvsd's own
     * @return what was done, for people
     */
    public synchronized String setLevel(LogLevel level, String logger) {
        String name = levels.fullName(logger);
        boolean known = levels.exists(name);
        Logger own = context.getLogger(LogSetup.class);
        boolean before = own.isInfoEnabled();
        if (before) {
            logLevel(own, name, level);
        }
        levels.set(level, name);
        if (!before) {
            logLevel(own, name, level);
        }
        return "level of " + name + ": " + word(level) + ", until the next reload or restart\n"
                + (known
                        ? ""
                        : "note: nothing has used a logger of this name yet; names are probes, table, and packages and"
                                + " classes such as core.notify, checkers or io.netty\n");
    }

    private static void logLevel(Logger own, String name, LogLevel level) {
        own.atInfo()
                .addKeyValue("name", name)
                .addKeyValue("min_level", word(level))
                .log("log.level");
    }

    /** What the log does now, for people. */
    public synchronized String status() {
        StringBuilder text = new StringBuilder("format " + word(config.format()) + ", target " + word(config.target())
                + ", level " + word(config.level()) + "\n");
        levels.set()
                .forEach((name, level) -> text.append("level of ")
                        .append(name)
                        .append(": ")
                        .append(word(level))
                        .append(", until the next reload or restart\n"));
        writer.problem()
                .ifPresent(
                        problem -> text.append("the target cannot be reached, the log is written to standard error: ")
                                .append(problem)
                                .append('\n'));
        return text.append("lines dropped since the start: ")
                .append(writer.lost())
                .append('\n')
                .toString();
    }

    /** Lines that were not written since the start: the queue was full, or no target could be reached. */
    public long lost() {
        return writer.lost();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
