package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.model.DaemonConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How old a stored result may be to be trusted at start. */
final class StoredResultsTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // delay_loop, trust_verdicts, age in ms, trusted
                "2,  -,  0,       true",
                "2,  -,  29999,   true",
                "2,  -,  30000,   false",
                "20, -,  39999,   true",
                "20, -,  40000,   false",
                "20, 5,  4999,    true",
                "20, 5,  5000,    false",
                "2,  90, 89999,   true",
                "2,  0,  0,       false",
                "2,  -,  -1,      false"
            })
    void theLimitIsTwiceTheIntervalAtLeastThirtySecondsOrTheConfiguredOne(
            String delayLoop, String trust, long age, boolean trusted) {
        DaemonConfig config = World.config((trust == null ? "" : "lvsd {\n trust_verdicts " + trust + "\n}\n")
                + "virtual_server 10.0.0.1 80 {\n delay_loop " + delayLoop
                + "\n"
                + " lvs_sched rr\n"
                + " lvs_method NAT\n"
                + " protocol TCP\n"
                + " real_server 10.0.0.11 80 {\n"
                + "  TCP_CHECK {\n"
                + "  }\n"
                + " }\n"
                + "}\n");
        Set<CheckId> checks = Engine.checks(config).keySet();
        Map<String, Boolean> stored = new HashMap<>(Map.of("a check that is no longer configured", false));
        checks.forEach(id -> stored.put(id.toString(), false));
        Map<CheckId, Boolean> expected = new HashMap<>();
        checks.forEach(id -> {
            if (trusted) {
                expected.put(id, false);
            }
        });
        assertEquals(expected, StoredResults.trusted(config, stored, age));
    }
}
