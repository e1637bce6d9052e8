package io.lvsd.core.log.format;

import io.lvsd.checkers.probe.PrintableText;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** {@code event=rs.down vs=192.0.2.1:80/tcp …}: values in double quotes unless they are one plain word. */
public final class TextFormat {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);

    private TextFormat() {}

    /** The line without time and level, always one line of printable characters. */
    public static String line(LogRecord record) {
        StringBuilder line = new StringBuilder();
        if (record.isEvent()) {
            line.append("event=").append(record.event());
        } else {
            line.append(PrintableText.escape(record.text()));
        }
        record.fields()
                .forEach((key, value) ->
                        line.append(' ').append(key).append('=').append(PrintableText.quoted(value.toString())));
        return line.toString();
    }

    /** The line with its level before it. */
    static String withLevel(LogRecord record) {
        return record.levelName() + " " + line(record);
    }

    /** ISO 8601 with milliseconds and the offset. */
    public static String time(Instant time, ZoneId zone) {
        return TIME.format(time.atZone(zone));
    }
}
