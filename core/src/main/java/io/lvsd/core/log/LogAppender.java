package io.lvsd.core.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.lvsd.checkers.probe.PrintableText;
import io.lvsd.conf.value.LogLevel;
import io.lvsd.core.log.format.LogRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.event.KeyValuePair;

/** Turns what is logged into lines. Runs on the thread that logs; never blocks. */
final class LogAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final Pattern EVENT = Pattern.compile("[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*");
    /** Fields that often have a text from a peer or from a library. */
    private static final Set<String> SHORT = Set.of("reason", "detail", "expected", "got", "exception");

    private static final int MAX_TEXT = 4_000;

    private final Consumer<LogRecord> lines;

    LogAppender(Consumer<LogRecord> lines) {
        this.lines = lines;
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.accept(record(event));
    }

    /** A message that is the name of an event has its fields as key-value pairs; any other message is a text. */
    static LogRecord record(ILoggingEvent event) {
        String message = String.valueOf(event.getFormattedMessage());
        boolean named = EVENT.matcher(message).matches();
        LinkedHashMap<String, Object> fields = new LinkedHashMap<>();
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(p -> fields.put(p.key, value(p.key, p.value)));
        }
        String trace = "";
        if (event.getThrowableProxy() != null) {
            String text = event.getThrowableProxy().getClassName() + ": "
                    + event.getThrowableProxy().getMessage();
            fields.put("exception", PrintableText.of(text));
            trace = ThrowableProxyUtil.asString(event.getThrowableProxy()).strip();
        }
        return new LogRecord(
                event.getInstant(),
                level(event.getLevel()),
                named ? message : "",
                named ? "" : cut(message),
                fields,
                event.getLoggerName(),
                trace);
    }

    private static Object value(String key, Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return value;
        }
        String text = String.valueOf(value);
        return SHORT.contains(key) ? PrintableText.of(text) : text;
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }

    private static LogLevel level(Level level) {
        return switch (level.levelInt) {
            case Level.ERROR_INT -> LogLevel.ERROR;
            case Level.WARN_INT -> LogLevel.WARN;
            case Level.INFO_INT -> LogLevel.INFO;
            case Level.DEBUG_INT -> LogLevel.DEBUG;
            default -> LogLevel.TRACE;
        };
    }
}
