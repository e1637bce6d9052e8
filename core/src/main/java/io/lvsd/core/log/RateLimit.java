package io.lvsd.core.log;

import io.lvsd.conf.value.LogLevel;
import io.lvsd.core.log.format.LogRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Limits the lines of one kind about one server: per minute {@value #LINES} with the same event, virtual server and real
 * server, and {@value #STATE_CHANGES} of a change of state. Other events are limited if they are equal in all fields. The end
 * of the minute has one line with the number of suppressed ones. Without clock; one thread.
 */
final class RateLimit {
    static final int LINES = 10;
    static final int STATE_CHANGES = 60;
    static final Duration WINDOW = Duration.ofMinutes(1);
    /** Lines about further keys are not limited. */
    private static final int MAX_KEYS = 20_000;

    private static final Set<String> STATE =
            Set.of("rs.up", "rs.down", "vs.up", "vs.down", "sorry.on", "sorry.off", "panic.on", "panic.off");
    /** Subjects whose lines are the result of what an operator did. */
    private static final Set<String> OPERATION = Set.of("config", "daemon", "reload", "log");

    /**
     * A kind of line.
     *
     * @param vs empty if the line is about no server, as {@code rs}
     * @param values of all fields of a line that is about no server
     */
    private record Key(String event, String vs, String rs, List<Object> values) {
        static Key of(LogRecord line) {
            boolean server = line.fields().containsKey("vs") || line.fields().containsKey("rs");
            return new Key(
                    line.event(),
                    line.field("vs"),
                    line.field("rs"),
                    server ? List.of() : List.copyOf(line.fields().values()));
        }
    }

    /** One minute of one kind. Does not keep the line, whose fields need much memory after the failure of many servers. */
    private static final class Window {
        private final LogLevel level;
        private final long end;
        private int lines;
        private long suppressed;

        Window(LogLevel level, long end) {
            this.level = level;
            this.end = end;
        }
    }

    private final Map<Key, Window> windows = new HashMap<>();
    /** Keys in the order in which their windows end. */
    private final Deque<Key> order = new ArrayDeque<>();

    /**
     * Whether a line is written; counts it.
     *
     * @param now monotonic nanoseconds; {@link #ended} was called with it before
     */
    boolean admits(LogRecord line, long now) {
        if (!line.isEvent() || line.isDetail() || isOperation(line.event())) {
            return true;
        }
        Key key = Key.of(line);
        Window window = windows.get(key);
        if (window == null) {
            if (windows.size() >= MAX_KEYS) {
                return true;
            }
            window = new Window(line.level(), now + WINDOW.toNanos());
            windows.put(key, window);
            order.addLast(key);
        }
        if (window.lines >= (STATE.contains(line.event()) ? STATE_CHANGES : LINES)) {
            window.suppressed++;
            return false;
        }
        window.lines++;
        return true;
    }

    private static boolean isOperation(String event) {
        return event.equals("rs.override") || OPERATION.contains(event.substring(0, event.indexOf('.')));
    }

    /** The lines that report what was suppressed in windows that have ended. */
    List<LogRecord> ended(long now, Instant time) {
        List<LogRecord> reports = new ArrayList<>();
        while (!order.isEmpty()) {
            Key key = order.getFirst();
            Window window = windows.get(key);
            if (window == null || window.end - now > 0) {
                break;
            }
            windows.remove(order.removeFirst());
            report(key, window, time, reports);
        }
        return reports;
    }

    /** Ends all windows. */
    List<LogRecord> endAll(Instant time) {
        List<LogRecord> reports = new ArrayList<>();
        order.forEach(key -> {
            Window window = windows.get(key);
            if (window != null) {
                report(key, window, time, reports);
            }
        });
        order.clear();
        windows.clear();
        return reports;
    }

    private static void report(Key key, Window window, Instant time, List<LogRecord> reports) {
        if (window.suppressed == 0) {
            return;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("vs", key.vs);
        fields.put("rs", key.rs);
        fields.values().removeIf(""::equals);
        fields.put("line", key.event);
        fields.put("count", window.suppressed);
        fields.put("for", WINDOW.toSeconds() + "s");
        reports.add(LogRecord.of(time, window.level, "log.suppressed", fields));
    }

    /** When the next window ends. */
    OptionalLong next() {
        Window window = order.isEmpty() ? null : windows.get(order.getFirst());
        return window == null ? OptionalLong.empty() : OptionalLong.of(window.end);
    }
}
