package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.engine.StoredResults.Former;
import io.lvsd.core.model.StoredResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How old a stored result may be to be trusted at start. */
final class StoredResultsTest {
    private static final String BOOT = "this boot";

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
        DaemonConfig config = config("delay_loop " + delayLoop, trust == null ? "" : "trust_verdicts " + trust);
        StoredResult down = new StoredResult(false, "status", BOOT, 60_000);
        Map<CheckId, Former> expected = new HashMap<>();
        Engine.checks(config)
                .keySet()
                .forEach(id -> expected.put(id, new Former(false, "status", Duration.ofSeconds(40))));
        assertEquals(
                trusted ? expected : Map.of(),
                new StoredResults(stored(config, down), Map.of(), age, BOOT, 100_000)
                        .trusted(config)
                        .checks());
    }

    @ParameterizedTest
    @CsvSource({
        // boot of the state, its time, age in ms, age of the state in ms; -1: not trusted
        "this boot,    99000,  0,     1000",
        "this boot,    0,      29999, 100000",
        "this boot,    100001, 0,     0",
        "this boot,    99000,  30000, -1",
        "another boot, 99000,  0,     -1"
    })
    void theTimeOfAStateCountsWithinItsBoot(String boot, long changed, long age, long lasted) {
        DaemonConfig config = config("delay_loop 2", "");
        StoredResult up = new StoredResult(true, "", boot, changed);
        VsId vs = config.virtualServers().getFirst().id();
        StoredResults.Trusted trusted = new StoredResults(
                        stored(config, up), Map.of(vs.text(), up, "10.9.9.9:80/tcp", up), age, BOOT, 100_000)
                .trusted(config);
        Map<VsId, Former> expected =
                lasted < 0 ? Map.of() : Map.of(vs, new Former(true, "", Duration.ofMillis(lasted)));
        assertEquals(expected, trusted.quorums());
        assertEquals(
                List.copyOf(expected.values()), List.copyOf(trusted.checks().values()));
    }

    private static Map<String, StoredResult> stored(DaemonConfig config, StoredResult state) {
        Map<String, StoredResult> stored = new HashMap<>(Map.of("a check that is no longer configured", state));
        Engine.checks(config).keySet().forEach(id -> stored.put(id.toString(), state));
        return stored;
    }

    private static DaemonConfig config(String line, String global) {
        return World.config("lvsd {\n " + global + "\n}\n" + World.vs(line, World.rs("10.0.0.11:80", "")));
    }
}
