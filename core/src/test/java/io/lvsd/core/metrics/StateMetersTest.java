package io.lvsd.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.core.engine.World;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The state as meters of Micrometer. */
final class StateMetersTest {
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final StateMeters meters = new StateMeters(registry);

    private static List<Table<?>> tables(World world) {
        return StateTables.of(ManyServers.input(world.state), new CheckStats(), new WallTime(), Part.ALL);
    }

    private static String servers(int first, int last) {
        return World.vs(
                "removal_grace 0\n",
                IntStream.rangeClosed(first, last)
                        .mapToObj(i -> World.rs("10.0.1." + i + ":80", "weight " + i))
                        .toArray(String[]::new));
    }

    private Set<String> realServers() {
        return registry.find("lvsd.real.server.up").meters().stream()
                .map(m -> String.valueOf(m.getId().getTag("real_server")))
                .collect(Collectors.toSet());
    }

    @Test
    void aSeriesIsAMeterWithTagsDescriptionAndUnit() {
        World world = new World().start(servers(1, 2));
        world.fails("10.0.1.1:80");
        meters.update(tables(world), UNLIMITED);
        Gauge weight = registry.get("lvsd.real.server.weight.configured")
                .tags("virtual_server", "10.0.0.1:80/tcp", "real_server", "10.0.1.2:80")
                .gauge();
        assertEquals(2, weight.value());
        assertEquals("Weight in the configuration", weight.getId().getDescription());
        FunctionCounter downs = registry.get("lvsd.real.server.transitions")
                .tags("real_server", "10.0.1.1:80", "to", "down")
                .functionCounter();
        assertEquals(1, downs.count());
        assertEquals(
                "seconds",
                registry.get("lvsd.virtual.server.state.changed.timestamp")
                        .gauge()
                        .getId()
                        .getBaseUnit());
    }

    @Test
    void anUpdateChangesValuesAndRemovesWhatIsGone() {
        World world = new World().start(servers(1, 3));
        meters.update(tables(world), UNLIMITED);
        assertEquals(Set.of("10.0.1.1:80", "10.0.1.2:80", "10.0.1.3:80"), realServers());
        world.fails("10.0.1.3:80");
        world.reload(servers(2, 4));
        meters.update(tables(world), UNLIMITED);
        assertEquals(Set.of("10.0.1.2:80", "10.0.1.3:80", "10.0.1.4:80"), realServers());
        assertEquals(
                0,
                registry.get("lvsd.real.server.up")
                        .tag("real_server", "10.0.1.3:80")
                        .gauge()
                        .value());
        assertEquals(registry.getMeters().size(), meters.size());
    }

    @Test
    void reloadsLeaveNoMeters() {
        World world = new World().start(servers(1, 5));
        meters.update(tables(world), UNLIMITED);
        int before = registry.getMeters().size();
        for (int i = 0; i < 200; i++) {
            world.reload(servers(1 + i % 50, 5 + i % 50));
            meters.update(tables(world), UNLIMITED);
        }
        world.reload(servers(1, 5));
        meters.update(tables(world), UNLIMITED);
        assertEquals(before, registry.getMeters().size());
    }

    @Test
    void theLimitAppliesToMeters() {
        World world = new World().start(servers(1, 50));
        meters.update(tables(world), 30);
        assertEquals(30, registry.getMeters().size());
    }
}
