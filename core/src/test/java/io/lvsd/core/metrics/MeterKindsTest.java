package io.lvsd.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.core.engine.Event;
import io.lvsd.ipvs.IpvsCommand;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** An event or a command that is added to the code has its series from the start, with its own name. */
final class MeterKindsTest {
    /** The loop collects these in {@code ProbesFinished}. */
    private static final Set<String> COLLECTED = Set.of("probe_finished");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private static Set<String> names(Class<?> sealedType) {
        return Arrays.stream(sealedType.getPermittedSubclasses())
                .map(c ->
                        c.getSimpleName().replaceAll("(?<=[a-z])([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                .filter(name -> !COLLECTED.contains(name))
                .collect(Collectors.toSet());
    }

    private Set<String> values(String meter, String tag) {
        return registry.find(meter).meters().stream()
                .map(Meter::getId)
                .map(id -> String.valueOf(id.getTag(tag)))
                .collect(Collectors.toSet());
    }

    @Test
    void everyEventHasATimer() {
        var _ = new EngineMeters(registry);
        assertEquals(names(Event.class), values("lvsd.engine.step.duration", "event"));
    }

    @Test
    void everyCommandHasCounters() {
        var _ = new TableMeters(registry);
        Set<String> commands = names(IpvsCommand.class);
        // The name of the netlink command.
        commands.remove("set_timeouts");
        commands.add("set_config");
        assertEquals(commands, values("lvsd.table.commands", "command"));
    }
}
