package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.core.model.Maintenance;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.WantedService;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A step that considers only what its event concerns gives the same as one that computes everything again, over random lives
 * with results, overrides, reloads, refused commands and changes by others. The seed is in every message.
 */
final class IncrementalStepTest {
    private static final int LIVES = Integer.getInteger("lives", 200);
    private static final int EVENTS = 40;
    private static final String WEIGHTS = "weights";
    private final long seed = Long.getLong("seed", System.nanoTime());

    /** A configuration that changes a little from reload to reload. */
    private static final class Config {
        private static final int MOST = 5;

        private record Server(int number, String text) {}

        private final Random random;
        private final List<Server> servers = new ArrayList<>();
        private String lvsd = "";
        private int created;

        Config(Random random) {
            this.random = random;
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                servers.add(server(created++));
            }
        }

        String text() {
            return lvsd + servers.stream().map(Server::text).collect(Collectors.joining());
        }

        /** Adds, removes, changes or moves one virtual server, changes a global setting, or nothing. */
        void change() {
            int place = random.nextInt(servers.size());
            switch (random.nextInt(12)) {
                case 9, 10, 11 -> {
                    Server server = servers.get(place);
                    servers.set(place, new Server(server.number(), withWeight(server.text())));
                }
                case 0 -> {
                    if (servers.size() < MOST) {
                        servers.add(random.nextInt(servers.size() + 1), server(created++));
                    }
                }
                case 1 -> {
                    if (servers.size() > 1) {
                        servers.remove(place);
                    }
                }
                case 2 -> servers.add(servers.remove(place));
                case 3 -> lvsd = repair();
                case 4 -> {}
                default -> servers.set(place, server(servers.get(place).number()));
            }
        }

        /** The same text with another weight of one real server, which may be 0 for the last one. */
        private String withWeight(String text) {
            List<Integer> places = Pattern.compile("  weight \\d+\n")
                    .matcher(text)
                    .results()
                    .map(MatchResult::start)
                    .toList();
            int number = random.nextInt(places.size());
            int at = places.get(number);
            int least = number > 0 && number == places.size() - 1 ? 0 : 1;
            return text.substring(0, at) + "  weight " + (least + random.nextInt(4))
                    + text.substring(text.indexOf('\n', at));
        }

        private String repair() {
            return "lvsd {\n repair " + List.of("on", "missing", "report").get(random.nextInt(3)) + "\n}\n";
        }

        private Server server(int number) {
            StringBuilder out = new StringBuilder();
            boolean mark = number % 4 == 3;
            out.append("virtual_server ").append(mark ? "fwmark " + (number + 1) : "10.0." + number + ".1 80");
            out.append(mark ? " {\n" : " {\n protocol TCP\n");
            out.append(" lvs_sched ").append(random.nextInt(4) == 0 ? "wlc" : "rr");
            boolean direct = !mark && random.nextInt(4) == 0;
            out.append("\n lvs_method ").append(direct ? "DR" : "NAT").append('\n');
            boolean sorry = random.nextBoolean();
            out.append(sorry ? " sorry_server " + (random.nextBoolean() ? "10.9.9.9" : "127.0.0.1") + " 80\n" : "");
            out.append(sorry && random.nextInt(4) == 0 ? " sorry_server_inhibit\n" : "");
            out.append(some(" sorry_mode add\n", 3));
            out.append(sorry && random.nextInt(4) == 0 ? maintenance() : "");
            out.append(some(" inhibit_on_failure\n", 4));
            out.append(some(" alpha\n", 4)).append(some(" omega\n", 4));
            out.append(some(" slow_start 6\n", 4)).append(some(" panic_threshold 50\n", 4));
            out.append(mark ? "" : some(" ha_suspend\n", 8));
            out.append(" removal_grace ").append(random.nextInt(3) * 5).append('\n');
            int most = 1 + random.nextInt(5);
            int quorum = 1 + random.nextInt(Math.max(1, most - 1));
            out.append(" quorum ").append(quorum).append('\n');
            out.append(quorum > 1 ? some(" hysteresis 1\n", 3) : "");
            for (int r = 0; r < most; r++) {
                // Two real servers with one address.
                boolean samePlace = !direct && random.nextInt(6) == 0;
                out.append(" real_server 10.1.0.")
                        .append(10 + r - (samePlace && r > 0 ? 1 : 0))
                        .append(samePlace && r > 0 ? " 8080" : " 80")
                        .append(" {\n  weight ")
                        .append(r > 0 && r == most - 1 && random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(3))
                        .append("\n  TCP_CHECK {\n  }\n")
                        .append(some("  PING_CHECK {\n  }\n", 4))
                        .append(" }\n");
            }
            return new Server(number, out.append("}\n").toString());
        }

        /** A maintenance that ends within some lives, and has its end behind it at other reloads. */
        private String maintenance() {
            Instant until = World.EPOCH.plusSeconds(random.nextInt(40));
            return " maintenance {\n" + some("  until " + until + "\n", 2) + some("  drain 4\n", 3) + " }\n";
        }

        private String some(String line, int oneIn) {
            return random.nextInt(oneIn) == 0 ? line : "";
        }
    }

    /** Some of the virtual addresses are on this host, and a web server may listen on the address of the sorry servers. */
    private static HostFacts host(Random random) {
        Set<InetAddress> addresses = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            if (random.nextBoolean()) {
                addresses.add(IpAddresses.ofBytes(new byte[] {10, 0, (byte) i, 1}));
            }
        }
        InetAddress loopback = IpAddresses.ofBytes(new byte[] {127, 0, 0, 1});
        return new HostFacts(addresses, random.nextBoolean() ? Set.of() : Set.of(new HostFacts.Listener(loopback, 80)));
    }

    // ---- what is compared

    /** The same state, in which every service of ours has to be planned. */
    private static EngineState allDirty(EngineState state) {
        TableState table = state.table();
        TableState dirty = new TableState(
                table.kernel(),
                table.wanted()
                        .withDirty(
                                table.wanted().dirty().plusAll(table.ownership().owned())),
                table.ownership(),
                table.draining(),
                table.failures(),
                table.backoff(),
                table.access(),
                table.shadow());
        return new EngineState(
                state.config(),
                state.servers(),
                state.sorry(),
                dirty,
                state.owners(),
                state.rows(),
                state.phase(),
                state.timed(),
                state.maintenance(),
                state.changes());
    }

    @SuppressWarnings("ReferenceEquality") // an unchanged configuration is the same object
    private static Step everything(EngineState before, Event event, long now) {
        if (event instanceof Event.Reloaded(var next) && next != before.config()) {
            StepBuilder step = new StepBuilder(allDirty(before), now);
            step.config.reloaded(next, most(before, next));
            return step.build();
        }
        return Engine.step(allDirty(before), event, now);
    }

    /** All virtual servers, except unchanged ones that retain a server: a reload that changes others does not decide on it again. */
    private static ConfigDifference most(EngineState before, DaemonConfig next) {
        ConfigDifference changed = ConfigDifference.between(before.config(), next);
        Set<VsId> left = before.servers().values().stream()
                .filter(VsState::retains)
                .map(vs -> vs.config().id())
                .collect(Collectors.toSet());
        Stream.of(changed.former(), changed.next()).flatMap(List::stream).forEach(vs -> left.remove(vs.id()));
        return new ConfigDifference(without(left, before.config()), without(left, next));
    }

    private static List<VirtualServerConfig> without(Set<VsId> left, DaemonConfig config) {
        return config.virtualServers().stream()
                .filter(vs -> !left.contains(vs.id()))
                .toList();
    }

    /** The effects that do not depend on how often something is looked at, as text in a stable order. */
    private static List<String> effects(Step step) {
        return step.effects().stream()
                .filter(e ->
                        !(e instanceof Effect.Publish(var event) && event.name().equals("rs.retained")))
                .map(IncrementalStepTest::text)
                .sorted()
                .toList();
    }

    /** A plan also contains which destinations of the services that it considered are usable. */
    private static String text(Effect effect) {
        return effect instanceof Effect.Apply(var plan) ? plan.commands().toString() : effect.toString();
    }

    private static Map<VsId, List<RsState>> servers(EngineState state) {
        Map<VsId, List<RsState>> servers = new HashMap<>();
        state.servers().forEach((id, vs) -> servers.put(id, List.copyOf(vs.realServers())));
        return servers;
    }

    private static Map<VsId, Optional<Maintenance>> maintenance(EngineState state) {
        Map<VsId, Optional<Maintenance>> maintenance = new HashMap<>();
        state.servers().forEach((id, vs) -> maintenance.put(id, vs.maintenance()));
        return maintenance;
    }

    private static void compare(EngineState before, Event event, long now, Step step, String context) {
        String where = event.getClass().getSimpleName() + "; " + context;
        Step all = everything(before, event, now);
        assertEquals(effects(all), effects(step), where);
        EngineState is = step.state();
        assertEquals(servers(all.state()), servers(is), where);
        assertEquals(maintenance(all.state()), maintenance(is), where);
        assertEquals(all.state().maintenance(), is.maintenance(), where);
        assertEquals(all.state().owners(), is.owners(), where);
        assertEquals(all.state().rows(), is.rows(), where);
        assertEquals(all.state().changes(), is.changes(), where);
        assertEquals(all.state().sorry(), is.sorry(), where);
        assertEquals(all.state().table().drifts(), is.table().drifts(), where);
        assertEquals(all.state().table().desired(), is.table().desired(), where);
        if (is.phase() == EngineState.Phase.RUNNING) {
            assertSums(is, where);
            assertEquals(wanted(is), is.table().desired(), where);
        }
    }

    /** The wanted services of all virtual servers, computed from nothing but their state. */
    private static Map<ServiceKey, WantedService> wanted(EngineState state) {
        Map<ServiceKey, WantedService> wanted = new HashMap<>();
        for (VirtualServerConfig server : state.config().virtualServers()) {
            VsState vs = state.server(server.id()).orElseThrow();
            wanted.putAll(DesiredState.of(again(vs), state.sorry().destinations(server)));
        }
        return wanted;
    }

    private static VsState again(VsState vs) {
        return new VsState(vs.config(), vs.quorumUp(), vs.maintenance(), List.copyOf(vs.realServers()));
    }

    @SuppressWarnings("ReferenceEquality")
    private static void assertSums(EngineState state, String where) {
        for (VsState vs : state.servers().values()) {
            Collection<RsState> all = vs.realServers();
            VsState again = again(vs);
            assertEquals(all.stream().mapToLong(RsState::effectiveWeight).sum(), vs.liveWeight(), where);
            assertEquals(again.panics(), vs.panics(), where);
            assertEquals(all.stream().anyMatch(RsState::isRetained), vs.retains(), where);
            assertEquals(all.stream().anyMatch(rs -> rs.ramp().isPresent()), vs.isInSlowStart(), where);
            for (RsState rs : all) {
                boolean others = all.stream().anyMatch(o -> o != rs && o.receives());
                assertEquals(others, vs.othersReceive(rs), where);
            }
        }
    }

    /** Destinations that were to receive connections before a step and are not afterwards. */
    private static List<String> noLongerUsable(EngineState before, EngineState after) {
        Map<ServiceKey, WantedService> is = after.table().desired();
        return before.table().desired().entrySet().stream()
                .flatMap(service -> service.getValue().destinations().values().stream()
                        .filter(IpvsDestination::usable)
                        .filter(d -> !isUsable(is.get(service.getKey()), d.key()))
                        .map(d -> service.getKey() + " " + d.key()))
                .toList();
    }

    private static boolean isUsable(@Nullable WantedService service, DestinationKey key) {
        IpvsDestination destination =
                service == null ? null : service.destinations().get(key);
        return destination != null && destination.usable();
    }

    // ---- lives

    private static void result(World world, Random random) {
        List<CheckId> checks = world.checksOfAll();
        CheckId check = checks.get(random.nextInt(checks.size()));
        int times = 1 + random.nextInt(4);
        boolean passes = random.nextBoolean();
        for (int i = 0; i < times; i++) {
            world.report(
                    check,
                    passes
                            ? ProbeResult.Passed.plain()
                            : new ProbeResult.Failed(ProbeResult.Reason.CONNECT_REFUSED, ""));
        }
    }

    private static void override(World world, Random random) {
        world.operator("10.1.0." + (10 + random.nextInt(5)) + ":80", before -> switch (random.nextInt(5)) {
            case 0 -> before.disabled();
            case 1 -> before.drained(random.nextBoolean() ? Optional.empty() : Optional.of(Duration.ofSeconds(3)));
            case 2 -> before.withWeight(Optional.of((long) random.nextInt(4)));
            default -> RsOverride.NONE;
        });
    }

    private static void maintain(World world, Random random) {
        List<VsId> all = List.copyOf(world.state.servers().keySet());
        MaintenanceConfig settings = new MaintenanceConfig(
                "",
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(world.time().plusSeconds(random.nextInt(10))),
                List.of(),
                random.nextBoolean() ? Optional.empty() : Optional.of(new MaintenanceConfig.Drain(Optional.empty())));
        world.send(new Event.MaintenanceRequested(
                all.get(random.nextInt(all.size())),
                random.nextInt(3) == 0 ? Optional.empty() : Optional.of(settings),
                "test"));
    }

    /** Another program changes or deletes something in the table. */
    private static void tamper(World world, Random random) {
        List<ServiceState> services = List.copyOf(world.kernel.read().services().values());
        if (services.isEmpty()) {
            return;
        }
        ServiceState service = services.get(random.nextInt(services.size()));
        ServiceKey key = service.config().key();
        List<DestinationKey> destinations = List.copyOf(service.destinations().keySet());
        if (destinations.isEmpty() || random.nextInt(4) == 0) {
            world.kernel.apply(List.of(new IpvsCommand.DelService(key)));
            return;
        }
        DestinationKey destination = destinations.get(random.nextInt(destinations.size()));
        DestinationState state = Objects.requireNonNull(service.destinations().get(destination));
        world.kernel.apply(List.of(
                random.nextBoolean()
                        ? new IpvsCommand.DelDest(key, destination)
                        : new IpvsCommand.SetDest(key, state.config().withWeight(random.nextInt(5)))));
    }

    /** The same configuration with the objects of the running one where they are equal, as a reload of a file gives it. */
    private static DaemonConfig sharing(DaemonConfig running, DaemonConfig next) {
        Map<VirtualServerConfig, VirtualServerConfig> known =
                running.virtualServers().stream().collect(Collectors.toMap(vs -> vs, vs -> vs));
        return new DaemonConfig(
                next.lvsd(),
                next.virtualServers().stream()
                        .map(vs -> known.getOrDefault(vs, vs))
                        .toList(),
                next.groups(),
                next.namespaces(),
                next.kernel(),
                next.notices(),
                next.operation(),
                next.scriptSecurity());
    }

    /** Returns how many reloads only changed weights. */
    @SuppressWarnings("ReferenceEquality") // an unchanged configuration is the same object
    private static int live(long seed) {
        Random random = new Random(seed);
        String context = "-Dseed=" + seed + " -Dlives=1";
        World world = new World();
        Map<String, Integer> compared = new TreeMap<>();
        world.steps = (before, event, now, step) -> {
            if (before.isStarted()) {
                if (event instanceof Event.Reloaded(var next) && WeightChanges.areAll(before, next)) {
                    assertEquals(List.of(), noLongerUsable(before, step.state()), context);
                    compared.merge(WEIGHTS, next == before.config() ? 0 : 1, Integer::sum);
                }
                compare(before, event, now, step, context);
                compared.merge(event.getClass().getSimpleName(), 1, Integer::sum);
            }
        };
        Config config = new Config(random);
        world.start(config.text());
        for (int i = 0; i < EVENTS; i++) {
            int refused = random.nextInt(12);
            world.cpuStep = random.nextBoolean() ? 500 : 25_000_000;
            world.kernel.refuse(c -> refused < 3 && Math.floorMod(c.toString().hashCode(), 3) == refused);
            switch (random.nextInt(11)) {
                case 0, 1, 2, 3 -> result(world, random);
                case 4, 5 -> world.pass(Duration.ofMillis(random.nextInt(5_000)));
                case 6 -> override(world, random);
                case 7 -> tamper(world, random);
                case 9 -> maintain(world, random);
                case 8 -> {
                    world.sorryFailure = random.nextBoolean() ? "" : "refused";
                    world.send(new Event.HostChanged(host(random)));
                }
                default -> {
                    config.change();
                    DaemonConfig next = World.config(config.text());
                    world.send(new Event.Reloaded(random.nextBoolean() ? sharing(world.state.config(), next) : next));
                }
            }
        }
        assertTrue(compared.values().stream().mapToInt(n -> n).sum() > EVENTS / 2, context);
        return compared.getOrDefault(WEIGHTS, 0);
    }

    @Test
    void aStepThatConsidersOnlyWhatItsEventConcernsEqualsOneThatComputesEverything() {
        System.out.println("-Dseed=" + seed + " -Dlives=" + LIVES);
        int weights = 0;
        for (int life = 0; life < LIVES; life++) {
            weights += live(seed + life);
        }
        assertTrue(weights > 0 || LIVES < 20, "-Dseed=" + seed);
    }
}
