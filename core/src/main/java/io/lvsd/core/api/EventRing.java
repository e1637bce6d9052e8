package io.lvsd.core.api;

import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.view.EventReport;
import io.lvsd.core.view.RecordJson;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last events, each with a number. Thread-safe; never blocks longer than another thread adds or copies events. */
public final class EventRing {
    /** Events that are kept. */
    static final int LENGTH = 1_000;
    /** Numbers of each second since 1970, so that those of a later run of the daemon are larger. */
    private static final long PER_SECOND = 1_000_000;

    private final Clock clock;
    private final int length;

    // guarded by this
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final long before;
    private long last;
    private volatile Runnable listener = () -> {};

    public EventRing() {
        this(Clock.systemUTC(), LENGTH);
    }

    EventRing(Clock clock, int length) {
        this.clock = clock;
        this.length = length;
        this.before = clock.instant().getEpochSecond() * PER_SECOND;
        this.last = before;
    }

    /**
     * An event, with its fields in an array, which takes a fifth of the memory of a map. Its JSON is made when it is needed, not on
     * the thread that publishes it.
     */
    static final class Entry {
        private final long id;
        private final Instant time;
        private final DaemonEvent.Level level;
        private final String name;
        private final Object[] keysAndValues;
        private volatile @Nullable String json;

        Entry(long id, Instant time, DaemonEvent event) {
            this.id = id;
            this.time = time;
            this.level = event.level();
            this.name = event.name();
            this.keysAndValues = new Object[2 * event.fields().size()];
            int next = 0;
            for (var field : event.fields().entrySet()) {
                keysAndValues[next++] = field.getKey();
                keysAndValues[next++] = field.getValue();
            }
        }

        long id() {
            return id;
        }

        Instant time() {
            return time;
        }

        DaemonEvent event() {
            LinkedHashMap<String, Object> fields = new LinkedHashMap<>();
            for (int i = 0; i < keysAndValues.length; i += 2) {
                fields.put((String) keysAndValues[i], keysAndValues[i + 1]);
            }
            return new DaemonEvent(level, name, fields);
        }

        /** Whether a field has this value. */
        boolean has(String key, String value) {
            for (int i = 0; i < keysAndValues.length; i += 2) {
                if (key.equals(keysAndValues[i])) {
                    return value.equals(keysAndValues[i + 1]);
                }
            }
            return false;
        }

        EventReport report() {
            return EventReport.of(id, time, event());
        }

        /** On one line. */
        String json() {
            String known = json;
            if (known == null) {
                known = RecordJson.compact(report()).strip();
                json = known;
            }
            return known;
        }
    }

    /**
     * Some of the events.
     *
     * @param missed whether events before them, and after the requested one, are no longer kept
     * @param last number of the last event of all
     */
    record Part(List<Entry> entries, boolean missed, long last) {}

    /** Adds an event. */
    public void add(DaemonEvent event) {
        Instant now = clock.instant();
        synchronized (this) {
            last++;
            entries.addLast(new Entry(last, now, event));
            if (entries.size() > length) {
                entries.removeFirst();
            }
        }
        listener.run();
    }

    /** Runs after each event, on the thread that published it, which it must not block. */
    void listen(Runnable next) {
        listener = next;
    }

    /** The number of the last event. */
    synchronized long last() {
        return last;
    }

    /**
     * The events after a number, the oldest first.
     *
     * @param since 0 for all that are kept
     * @param limit 1 or more
     */
    synchronized Part since(long since, int limit) {
        boolean foreign = since != 0 && (since < before || since > last);
        long from = foreign ? 0 : since;
        List<Entry> found = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.id() > from && found.size() < limit) {
                found.add(entry);
            }
        }
        long oldest = entries.isEmpty() ? last + 1 : entries.getFirst().id();
        return new Part(found, foreign || since != 0 && since + 1 < oldest, last);
    }
}
