package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.view.HealthReport;
import io.lvsd.core.view.Liveness;
import io.lvsd.core.view.Readiness;
import io.lvsd.ipvs.FakeIpvs;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the daemon is live and ready. */
final class ReadinessTest {
    private static final String A = "10.0.0.11:80";
    private static final String B = "10.0.0.12:80";
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final FakeIpvs kernel = new FakeIpvs();
    private final World world = new World(kernel);

    private String unmet() {
        HealthReport report = Readiness.of(world.state, world.now());
        String names = report.conditions().stream()
                .filter(c -> !c.met())
                .map(HealthReport.Condition::name)
                .collect(Collectors.joining(" "));
        assertEquals(names.isEmpty(), report.healthy());
        return names;
    }

    @Test
    void isReadyWhenEachCheckHasAResult() {
        assertEquals("configuration", unmet());
        world.start(World.vs("", World.rs(A, ""), World.rs(B, "")));
        assertEquals("checks", unmet());
        world.passes(A);
        world.fails(B);
        assertEquals("", unmet());
    }

    @Test
    void isNotReadyFromTheReadingThatShowsADifferenceUntilItIsRepaired() {
        world.start("lvsd {\n repair report\n}\n" + World.vs("", World.rs(A, ""), World.rs(B, "")));
        world.passes(A);
        world.passes(B);
        var service = kernel.read().services().firstEntry();
        ServiceKey key = service.getKey();
        ServiceState state = service.getValue();
        DestinationKey destination = state.destinations().firstKey();
        kernel.apply(List.of(new IpvsCommand.DelDest(key, destination)));
        world.pass(Duration.ofMillis(2_500));
        assertEquals("table", unmet());
        kernel.apply(List.of(new IpvsCommand.NewDest(
                key, state.destinations().firstEntry().getValue().config())));
        world.pass(Duration.ofMillis(2_500));
        assertEquals("", unmet());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, , ''",
        "1, 1, -5, ''",
        "4, 1, , engine",
        "1, 4, , probe_loops",
        "1, 1, 1, probes",
        "9, 9, 9, engine probe_loops probes",
    })
    void isLiveWhileEngineAndProbesMakeProgress(long engineAge, long probeAge, Long overdueFor, String unmet) {
        long now = 100 * SECOND;
        Liveness liveness = new Liveness(
                now,
                now - engineAge * SECOND,
                now - probeAge * SECOND,
                overdueFor == null ? OptionalLong.empty() : OptionalLong.of(now - overdueFor * SECOND));
        HealthReport report = liveness.report();
        assertEquals(
                unmet,
                report.conditions().stream()
                        .filter(c -> !c.met())
                        .map(HealthReport.Condition::name)
                        .collect(Collectors.joining(" ")));
        assertTrue(report.conditions().stream().noneMatch(c -> c.detail().isEmpty()));
    }
}
