package io.lvsd.core.engine;

import io.lvsd.checkers.probe.PrintableText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * An event for the log, webhooks and metrics.
 *
 * @param name fixed, as {@code subject.what}, such as {@code rs.down}
 * @param fields with the same keys everywhere, such as vs, rs, check and reason; each value is a string, an Integer or a Long
 */
public record DaemonEvent(Level level, String name, SequencedMap<String, Object> fields) {
    public DaemonEvent {
        fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
    }

    /** WARN needs attention soon, ERROR now. */
    public enum Level {
        INFO,
        WARN,
        ERROR
    }

    /** @param keysAndValues alternating */
    public static DaemonEvent of(Level level, String name, Object... keysAndValues) {
        LinkedHashMap<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i + 1 < keysAndValues.length; i += 2) {
            Object value = keysAndValues[i + 1];
            boolean number = value instanceof Integer || value instanceof Long;
            fields.put(keysAndValues[i].toString(), number ? value : value.toString());
        }
        return new DaemonEvent(level, name, fields);
    }

    /** {@code event=rs.down vs=192.0.2.1:80/tcp …}, values with blanks in double quotes, always one line of printable characters. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        words.add("event=" + name);
        fields.forEach((key, value) -> words.add(key + "=" + PrintableText.quoted(value.toString())));
        return String.join(" ", words);
    }
}
