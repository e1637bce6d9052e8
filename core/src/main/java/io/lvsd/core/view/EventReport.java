package io.lvsd.core.view;

import io.lvsd.core.engine.DaemonEvent;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An event of the log. The names of the components are those of the JSON.
 *
 * @param id larger than those of all earlier events, also after a restart of the daemon
 * @param level {@code info}, {@code warn} or {@code error}
 * @param name such as {@code rs.down}
 * @param fields as in the log: text, or numbers
 */
public record EventReport(long id, Instant time, String level, String name, Map<String, Object> fields) {
    public static EventReport of(long id, Instant time, DaemonEvent event) {
        return new EventReport(id, time, event.level().name().toLowerCase(Locale.ROOT), event.name(), event.fields());
    }

    /**
     * Several events, the oldest first.
     *
     * @param lastId of the last event that was evaluated; the next request uses it as {@code since}
     * @param missed whether events after the requested one are no longer kept
     */
    public record Several(List<EventReport> events, long lastId, boolean missed) {}
}
