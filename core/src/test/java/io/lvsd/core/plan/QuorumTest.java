package io.lvsd.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuorumTest {
    @ParameterizedTest(name = "quorum {1} hysteresis {2}, up {0}: {3} alive")
    @CsvSource({
        "false, 7, 2,  8, false",
        "false, 7, 2, 9, true",
        "true, 7, 2, 8, true",
        "true, 7, 2, 5, true",
        "true, 7, 2, 4, false",
        "false, 6, 1,  6, false",
        "false, 6, 1, 7, true",
        "true, 6, 1, 5, true",
        "true, 6, 1, 4, false",
        "false, 1, 0,  0, false",
        "false, 1, 0, 1, true",
        "true, 1, 0, 1, true",
        "true, 1, 0, 0, false"
    })
    void gainedAboveAndLostBelowTheBand(boolean up, long quorum, long hysteresis, long live, boolean expected) {
        assertEquals(expected, Quorum.next(up, live, quorum, hysteresis));
    }
}
