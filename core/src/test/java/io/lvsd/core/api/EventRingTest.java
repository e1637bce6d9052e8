package io.lvsd.core.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.engine.DaemonEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers and gaps of events. */
final class EventRingTest {
    private static final Instant START = Instant.parse("2026-05-01T12:00:00Z");
    private static final long FIRST = START.getEpochSecond() * 1_000_000 + 1;

    private final EventRing ring = new EventRing(Clock.fixed(START, ZoneOffset.UTC), 3);

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            ring.add(DaemonEvent.of(DaemonEvent.Level.INFO, "rs.up", "vs", "192.0.2.1:80/tcp", "count", i));
        }
    }

    private List<Long> ids(long since) {
        return ring.since(since, 10).entries().stream().map(EventRing.Entry::id).toList();
    }

    @Test
    void eventsAreNumberedAndTheOldestIsDropped() {
        assertEquals(List.of(), ids(0));
        add(2);
        assertEquals(List.of(FIRST, FIRST + 1), ids(0));
        add(2);
        assertEquals(List.of(FIRST + 1, FIRST + 2, FIRST + 3), ids(0));
        assertEquals(List.of(FIRST + 3), ids(FIRST + 2));
        assertEquals(List.of(), ids(FIRST + 3));
        assertEquals(1, ring.since(0, 1).entries().size());
    }

    @Test
    void aGapIsReported() {
        add(5);
        assertFalse(ring.since(0, 10).missed());
        assertTrue(ring.since(FIRST, 10).missed());
        assertFalse(ring.since(FIRST + 1, 10).missed());
    }

    /** A number of an earlier run, or of a clock that was set back since. */
    @Test
    void aForeignNumberGivesEverythingAndReportsAGap() {
        add(2);
        for (long foreign : new long[] {1, FIRST - 2, FIRST + 50}) {
            assertTrue(ring.since(foreign, 10).missed());
            assertEquals(List.of(FIRST, FIRST + 1), ids(foreign));
        }
    }

    @Test
    void theJsonIsOneLineWithNumbersAsNumbers() {
        ring.add(DaemonEvent.of(DaemonEvent.Level.WARN, "rs.down", "rs", "10.0.0.1:80", "reason", "a\nb\"", "n", 3));
        assertEquals(
                "{\"id\":" + FIRST + ",\"time\":\"2026-05-01T12:00:00Z\",\"level\":\"warn\",\"name\":\"rs.down\","
                        + "\"fields\":{\"rs\":\"10.0.0.1:80\",\"reason\":\"a\\nb\\\"\",\"n\":3}}",
                ring.since(0, 1).entries().getFirst().json());
    }
}
