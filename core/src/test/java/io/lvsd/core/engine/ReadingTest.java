package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A reading of the table costs what differs from the reading before, and leads to the same as planning everything. */
final class ReadingTest {
    private static final int SERVICES = 50;
    private static final int LIVES = Integer.getInteger("lives", 30);
    private final long seed = Long.getLong("seed", System.nanoTime());

    private static ServiceKey service(int number) {
        return new ServiceKey.AddressKey(
                Protocol.TCP, Addresses.of(AddressFamily.INET, new byte[] {10, 0, (byte) number, 1}), 80);
    }

    private static DestinationKey destination(int number) {
        return new DestinationKey(Addresses.of(AddressFamily.INET, new byte[] {10, 1, 0, (byte) number}), 80);
    }

    private static IpvsDestination with(int number, long weight) {
        return IpvsDestination.of(destination(number), ForwardingMethod.MASQ, weight);
    }

    private static String config(int services, String more) {
        StringBuilder out = new StringBuilder();
        for (int v = 0; v < services; v++) {
            out.append("virtual_server 10.0.")
                    .append(v)
                    .append(".1 80 {\n protocol TCP\n lvs_sched rr\n lvs_method NAT\n")
                    .append(" removal_grace 3\n")
                    .append(more)
                    .append(World.rs("10.1.0.10:80", ""))
                    .append(World.rs("10.1.0.11:80", ""))
                    .append("}\n");
        }
        return out.toString();
    }

    private static World large() {
        World world = new World().start(config(SERVICES, ""));
        world.passes("10.1.0.10:80");
        world.passes("10.1.0.11:80");
        world.pass(Duration.ofSeconds(5));
        return world;
    }

    private static Step read(World world, IpvsSnapshot table) {
        return Engine.step(world.state, new Event.KernelRead(table, 1_000), world.now());
    }

    private static void assertNothingChanged(EngineState before, Step step) {
        TableState table = step.state().table();
        assertEquals(List.of(), step.effects());
        assertSame(before.table().desired(), table.desired());
        assertSame(before.table().wanted().dirty(), table.wanted().dirty());
        assertSame(before.table().drifts(), table.drifts());
        assertSame(before.table().ownership(), table.ownership());
        assertSame(before.rows(), step.state().rows());
        assertSame(before.servers(), step.state().servers());
    }

    @Test
    void aReadingWithoutDifferencesChangesNothing() {
        World world = large();
        assertNothingChanged(world.state, read(world, world.state.table().lastRead()));
        Step equal = read(world, world.kernel.read());
        assertNotSame(world.state.table().actual(), equal.state().table().actual());
        assertNothingChanged(world.state, equal);
    }

    @Test
    void countersAloneChangeOnlyTheTable() {
        World world = large();
        world.kernel.connect(service(7), destination(10), 12);
        IpvsSnapshot table = world.kernel.read();
        Step step = read(world, table);
        assertSame(table.services(), step.state().table().actual());
        assertNothingChanged(world.state, step);
    }

    @Test
    void aForeignChangeMarksOnlyItsService() {
        World world = large();
        world.kernel.apply(List.of(new IpvsCommand.DelDest(service(7), destination(10))));
        Step step = read(world, world.kernel.read());
        assertEquals(
                Set.of(service(7)), Set.copyOf(step.state().table().wanted().dirty()));
        assertEquals(1, step.state().table().drifts().size());
        assertTrue(step.effects().stream()
                .filter(Effect.Apply.class::isInstance)
                .flatMap(e -> ((Effect.Apply) e).plan().commands().stream())
                .allMatch(c -> c.subject().equals(Optional.of(service(7)))));
    }

    @Test
    void whatIsNewInTheTableIsNumberedWhoeverAddedIt() {
        World world = large();
        ServiceKey foreign = service(100);
        world.kernel.apply(List.of(
                new IpvsCommand.NewService(IpvsService.of(foreign, "rr")),
                new IpvsCommand.NewDest(foreign, with(99, 1)),
                new IpvsCommand.NewDest(service(7), with(99, 1))));
        assertEquals(0, world.state.rows().table().of(foreign));
        world.pass(Duration.ofSeconds(3));
        assertEquals(SERVICES + 1, world.state.rows().table().of(foreign));
        assertEquals(1, world.state.rows().table().of(foreign, destination(99)));
        assertEquals(3, world.state.rows().table().of(service(7), destination(99)));
        assertFalse(world.state.table().wanted().dirty().contains(foreign));
    }

    /** Another program changes one service, at random. */
    private static void interfere(World world, Random random) {
        ServiceKey key = service(random.nextInt(4));
        IpvsDestination destination = with(10 + random.nextInt(3), random.nextInt(3));
        world.kernel.apply(List.of(
                switch (random.nextInt(6)) {
                    case 0 -> new IpvsCommand.DelService(key);
                    case 1 -> new IpvsCommand.NewService(IpvsService.of(key, "wlc"));
                    case 2 -> new IpvsCommand.SetService(IpvsService.of(key, "sh"));
                    case 3 -> new IpvsCommand.NewDest(key, destination);
                    case 4 -> new IpvsCommand.SetDest(key, destination);
                    default -> new IpvsCommand.DelDest(key, destination.key());
                }));
    }

    private static void happen(World world, Random random, String lvsd) {
        String server = "10.1.0." + (10 + random.nextInt(2)) + ":80";
        switch (random.nextInt(8)) {
            case 0 -> world.fails(server);
            case 1 -> world.passes(server);
            case 2 -> {
                int refused = random.nextInt(3);
                world.kernel.refuse(c -> Math.floorMod(c.toString().hashCode(), 4) == refused);
            }
            case 3 -> world.kernel.refuse(_ -> false);
            case 4 -> world.reload(lvsd + config(1 + random.nextInt(4), random.nextBoolean() ? " quorum 2\n" : ""));
            case 5 -> world.pass(Duration.ofMillis(500L * random.nextInt(8)));
            default -> interfere(world, random);
        }
    }

    /** Marks every service, and compares what follows with a state that nothing was marked in. */
    private static void assertNothingWasMissed(World world, String context) {
        EngineState state = world.state;
        EngineState marked =
                state.read(state.table().ownership().owned(), state.table().actual());
        Step step = Engine.step(marked, new Event.ProbesFinished(List.of()), world.now());
        assertEquals(List.of(), step.effects(), "planning everything leads to nothing more; " + context);
        Step read = Engine.step(marked, new Event.KernelRead(world.kernel.read(), 1_000), world.now());
        assertEquals(List.of(), read.effects(), "comparing everything leads to nothing more; " + context);
        assertEquals(state.table().drifts(), read.state().table().drifts(), context);
    }

    @Test
    void aReadingLeadsToTheSameAsPlanningEverything() {
        for (int life = 0; life < LIVES; life++) {
            Random random = new Random(seed + life);
            String context = "-Dseed=" + (seed + life) + " -Dlives=1";
            String lvsd =
                    "lvsd {\n repair " + List.of("on", "missing", "report").get(random.nextInt(3)) + "\n}\n";
            World world = new World().start(lvsd + config(4, ""));
            for (int i = 0; i < 30; i++) {
                world.cpuStep = random.nextBoolean() ? 500 : 25_000_000;
                happen(world, random, lvsd);
                if (i % 5 == 0) {
                    world.kernel.refuse(_ -> false);
                    world.pass(Duration.ofSeconds(45));
                    assertNothingWasMissed(world, context + ", after " + i);
                }
            }
        }
    }
}
