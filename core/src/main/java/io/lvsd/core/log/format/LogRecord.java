package io.lvsd.core.log.format;

import io.lvsd.conf.value.LogLevel;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * One line of the log.
 *
 * @param event name of the event, as {@code subject.what}; empty for a line of a library, which has a text instead
 * @param text empty for an event
 * @param fields of an event, in order; each value is a string or a number
 * @param logger name of the logger
 * @param trace stack trace of an exception, with line ends; empty without one
 */
public record LogRecord(
        Instant time,
        LogLevel level,
        String event,
        String text,
        SequencedMap<String, Object> fields,
        String logger,
        String trace) {
    public LogRecord {
        fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
    }

    /** An event of the log itself. */
    public static LogRecord of(Instant time, LogLevel level, String event, Map<String, Object> fields) {
        return new LogRecord(time, level, event, "", new LinkedHashMap<>(fields), "io.lvsd.core.log", "");
    }

    /** The value of a field as text; empty if the line does not have it. */
    public String field(String key) {
        Object value = fields.get(key);
        return value == null ? "" : value.toString();
    }

    public boolean isEvent() {
        return !event.isEmpty();
    }

    /** Whether the line is below the level info: details on request, without a limit. */
    public boolean isDetail() {
        return level.compareTo(LogLevel.INFO) > 0;
    }

    /** The level as a word in capitals. */
    String levelName() {
        return level.name().toUpperCase(Locale.ROOT);
    }

    /** Characters of the line, roughly: what it needs in memory. */
    public int size() {
        int size = 200 + text.length() + trace.length();
        for (var field : fields.entrySet()) {
            size += field.getKey().length() + field.getValue().toString().length();
        }
        return size;
    }
}
