package io.lvsd.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a destination that leaves while healthy may be deleted: it began to draining at 10 s, its deadline is at 40 s. */
final class DrainingTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "idle at weight 0 by a later count,          true,  0, 14, 14, true",
        "a count from before the weight was 0,       true,  0,  9, 14, false",
        "a count while handshakes may be under way,  true,  0, 12, 14, false",
        "connections are left,                       true,  1, 14, 14, false",
        "the weight is not 0 yet,                    false, 0, 14, 14, false",
        "the grace is over,                          true,  9, 12, 40, true"
    })
    void aDestinationLeavesWhenItIsIdleOrItsGraceIsOver(
            String what, boolean weightIsZero, long active, double readAt, double now, boolean over) {
        Draining draining = new Draining(nanos(10), nanos(40), false);
        assertEquals(
                over,
                draining.evaluated(weightIsZero, active, nanos(readAt), nanos(now))
                        .over(),
                what);
    }

    private static long nanos(double seconds) {
        return (long) (seconds * Duration.ofSeconds(1).toNanos());
    }
}
