package io.lvsd.sorryserver.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counters of one virtual server on one event loop. Written by the event loop only, read by any thread.
 */
public final class Counters {
    /** What is counted; the meanings are those of {@link io.lvsd.sorryserver.SorryCounters}. */
    public enum Count {
        CONNECTIONS,
        CLOSED,
        PAGES,
        ASSETS,
        RELAYED,
        OTHERS,
        LIMITED,
        FAILED
    }

    private final Map<Count, AtomicLong> values = new EnumMap<>(Count.class);

    public Counters() {
        for (Count count : Count.values()) {
            values.put(count, new AtomicLong());
        }
    }

    private AtomicLong value(Count count) {
        return Objects.requireNonNull(values.get(count));
    }

    /** Adds one. There is one writer, so that no atomic addition is needed. */
    public void add(Count count) {
        AtomicLong value = value(count);
        value.lazySet(value.getPlain() + 1);
    }

    /** The present value. */
    public long get(Count count) {
        return value(count).get();
    }
}
