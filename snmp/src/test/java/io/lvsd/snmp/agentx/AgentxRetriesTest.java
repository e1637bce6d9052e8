package io.lvsd.snmp.agentx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Delays between attempts, and which attempts are logged. */
final class AgentxRetriesTest {
    @Test
    void delaysDoubleUpToTheLimit() {
        AgentxTimings timings = AgentxTimings.DEFAULT;
        Backoff backoff = new Backoff(timings.firstRetry(), timings.maxRetry());
        assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 30L, 30L), seconds(backoff, 7));
        backoff.reset();
        assertEquals(List.of(1L, 2L), seconds(backoff, 2));
    }

    private static List<Long> seconds(Backoff backoff, int count) {
        return Stream.generate(() -> backoff.next().toSeconds()).limit(count).toList();
    }

    @Test
    void troubleIsLoggedOnceWhenItBeginsAndOnceWhenItEnds() {
        LastingTrouble trouble = new LastingTrouble();
        assertFalse(trouble.isActive());
        for (int round = 0; round < 2; round++) {
            assertTrue(trouble.failed());
            assertFalse(trouble.failed());
            assertTrue(trouble.isActive());
            trouble.recovered(LoggerFactory.getLogger(AgentxRetriesTest.class).atInfo())
                    .log("agentx.recovered");
            assertFalse(trouble.isActive());
        }
    }
}
