package io.lvsd.core.log.format;

import io.lvsd.conf.value.LogFormat;
import java.time.ZoneId;
import java.util.List;

/**
 * The lines of a format: one for each record, or in {@link LogFormat#CLASSIC} several.
 *
 * @param zone of times
 */
public record Lines(LogFormat format, ZoneId zone) {
    /** Without time and level, for a target that has fields for both. */
    public List<String> bare(LogRecord record) {
        return switch (format) {
            case TEXT -> List.of(TextFormat.line(record));
            case JSON -> List.of(JsonFormat.line(record, zone));
            case CLASSIC -> {
                List<String> lines = ClassicFormat.lines(record);
                yield lines.isEmpty() ? List.of(TextFormat.line(record)) : lines;
            }
        };
    }

    /** With the level, for a target that adds the time. */
    public List<String> withLevel(LogRecord record) {
        return switch (format) {
            case TEXT -> List.of(TextFormat.withLevel(record));
            case JSON, CLASSIC -> bare(record);
        };
    }

    /** With time and level. */
    public List<String> complete(LogRecord record) {
        return switch (format) {
            case TEXT, CLASSIC ->
                withLevel(record).stream()
                        .map(line -> TextFormat.time(record.time(), zone) + " " + line)
                        .toList();
            case JSON -> bare(record);
        };
    }

    /** The name of the program that syslog and journal show: keepalived's, if filters expect keepalived's lines. */
    public String identifier() {
        return format == LogFormat.CLASSIC ? "Keepalived_healthcheckers" : "lvsd";
    }
}
