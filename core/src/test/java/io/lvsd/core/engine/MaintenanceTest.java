package io.lvsd.core.engine;

import static io.lvsd.core.engine.World.rs;
import static io.lvsd.core.engine.World.vs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.VsId;
import io.lvsd.conf.value.IpNetwork;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.conf.value.MaintenanceConfig.Drain;
import io.lvsd.core.model.Maintenance;
import io.lvsd.core.model.MaintenanceEntry;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.SorryBackend;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.sorryserver.setup.Bypass;
import io.lvsd.sorryserver.setup.Content;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Planned maintenance and {@code sorry_mode}, on a manual clock. */
final class MaintenanceTest {
    private static final ServiceKey KEY =
            new ServiceKey.AddressKey(Protocol.TCP, Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, 1}), 80);
    private static final VsId VS = new VsId("10.0.0.1:80/tcp");
    private static final String A = "10.0.0.11:80";
    private static final String B = "10.0.0.12:80";
    private static final String SORRY = "sorry_server 10.0.0.99 80\n ";
    private static final String BOTH_UP = table("10.0.0.11:80=1, 10.0.0.12:80=1");
    private static final String ONLY_SORRY = table("10.0.0.99:80=1");

    private static DestinationKey dest(int last) {
        return new DestinationKey(Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, (byte) last}), 80);
    }

    private static String table(String destinations) {
        return "{10.0.0.1:80/tcp={" + destinations + "}}";
    }

    private static String two(String lines) {
        return vs(SORRY + lines, rs(A, ""), rs(B, ""));
    }

    private static String block(String lines) {
        return two("maintenance {\n " + lines + "\n }");
    }

    private static World started(String lines) {
        World world = new World().start(two(lines));
        world.passes(A);
        world.passes(B);
        return world;
    }

    private static void on(World world, MaintenanceConfig settings) {
        world.send(new Event.MaintenanceRequested(VS, Optional.of(settings), "test"));
    }

    private static void on(World world) {
        on(world, MaintenanceConfig.NONE);
    }

    private static void off(World world) {
        world.send(new Event.MaintenanceRequested(VS, Optional.empty(), "test"));
    }

    private static MaintenanceConfig until(Instant end) {
        return new MaintenanceConfig("", Optional.of(end), List.of(), Optional.empty());
    }

    private static MaintenanceConfig draining(Optional<Duration> limit) {
        return new MaintenanceConfig("", Optional.empty(), List.of(), Optional.of(new Drain(limit)));
    }

    private static VsState server(World world) {
        return Objects.requireNonNull(world.state.servers().get(VS));
    }

    private static String last(World world, String name) {
        return world.events.stream()
                .filter(e -> e.name().equals(name))
                .reduce((_, later) -> later)
                .orElseThrow()
                .toString();
    }

    private static long count(World world, String name) {
        return world.events.stream().filter(e -> e.name().equals(name)).count();
    }

    // ---- the table

    @Test
    void theSorryServerTakesTheConnectionsWhileRealServersAreUp() {
        World world = started("");
        world.kernel.connect(KEY, dest(11), 3);
        on(world);
        assertEquals(table("10.0.0.11:80=0, 10.0.0.12:80=0, 10.0.0.99:80=1"), world.table());
        world.pass(Duration.ofSeconds(5));
        assertEquals(table("10.0.0.11:80=0, 10.0.0.99:80=1"), world.table(), "one is idle");
        world.pass(Duration.ofSeconds(26));
        assertEquals(ONLY_SORRY, world.table(), "removal_grace is over");
        off(world);
        world.pass(Duration.ofSeconds(40));
        assertEquals(BOTH_UP, world.table());
    }

    @Test
    void whatTakesOverIsAddedBeforeTheOthersLeave() {
        World world = started("removal_grace 0");
        List<String> log = new ArrayList<>();
        world.observer = effect -> {
            if (effect instanceof Effect.Apply(var plan)) {
                log.add(plan.adds().size() + " then " + plan.removals().size());
            }
        };
        on(world);
        assertEquals(List.of("1 then 2"), log);
        off(world);
        assertEquals(List.of("1 then 2", "2 then 1"), log);
    }

    @Test
    void aDrainWithoutALimitLastsUntilNoConnectionIsActive() {
        World world = started("");
        world.kernel.connect(KEY, dest(11), 3);
        on(world, draining(Optional.empty()));
        world.pass(Duration.ofHours(2));
        assertEquals(table("10.0.0.11:80=0, 10.0.0.99:80=1"), world.table());
        world.kernel.connect(KEY, dest(11), 0);
        world.pass(Duration.ofSeconds(4));
        assertEquals(ONLY_SORRY, world.table());
    }

    @Test
    void aDrainEndsAtItsLimit() {
        World world = started("");
        world.kernel.connect(KEY, dest(11), 3);
        on(world, draining(Optional.of(Duration.ofMinutes(2))));
        world.pass(Duration.ofSeconds(118));
        assertEquals(table("10.0.0.11:80=0, 10.0.0.99:80=1"), world.table());
        world.pass(Duration.ofSeconds(4));
        assertEquals(ONLY_SORRY, world.table());
        assertTrue(last(world, "rs.draining").contains("reason=maintenance"), last(world, "rs.draining"));
    }

    @Test
    void offWhileServersDrainTakesThemInAgain() {
        World world = started("");
        world.kernel.connect(KEY, dest(11), 3);
        on(world);
        off(world);
        world.pass(Duration.ofSeconds(40));
        assertEquals(BOTH_UP, world.table());
    }

    @Test
    void withoutASorryServerNothingHappens() {
        World world = new World().start(vs("", rs(A, ""), rs(B, "")));
        on(world);
        assertEquals(BOTH_UP, world.table());
        assertFalse(world.hasEvent("maintenance.on"));
        assertEquals(Map.of(), world.maintenance);
    }

    @Test
    void aSorryServerThatCannotBeUsedLeavesTheRealServersIn() {
        World world = new World();
        world.sorryFailure = "refused";
        world.start(vs("sorry_server 127.0.0.1 80", rs(A, ""), rs(B, "")), HostFacts.NONE);
        on(world);
        assertEquals(BOTH_UP, world.table());
        String failed = last(world, "sorry.failed");
        assertTrue(failed.contains("reason=refused") && failed.contains("the real servers stay in service"), failed);
        world.sorryFailure = "";
        world.send(new Event.SorryChecked(
                Map.of(world.state.sorry().allBackends().iterator().next(), "")));
        world.pass(Duration.ofSeconds(40));
        assertEquals(table("10.0.0.1:18080=1"), world.table());
        assertTrue(world.hasEvent("sorry.recovered"));
    }

    // ---- quorum, checks, overrides, panic, slow start

    @Test
    void theQuorumFollowsTheRealServers() {
        World world = started("quorum_down /bin/down\n quorum_up /bin/up");
        int delivered = world.delivered.size();
        on(world);
        assertTrue(server(world).quorumUp());
        assertFalse(world.hasEvent("vs.down"));
        assertEquals(delivered, world.delivered.size(), "maintenance runs no quorum script");
        world.fails(A);
        world.fails(B);
        assertTrue(world.hasEvent("vs.down"));
        int afterLoss = world.delivered.size();
        assertTrue(afterLoss > delivered);
        world.passes(A);
        world.passes(B);
        assertTrue(server(world).quorumUp());
        world.pass(Duration.ofSeconds(40));
        assertEquals(ONLY_SORRY, world.table());
        int before = world.delivered.size();
        off(world);
        world.pass(Duration.ofSeconds(40));
        assertEquals(BOTH_UP, world.table());
        assertEquals(before, world.delivered.size());
    }

    @Test
    void offWithoutAQuorumKeepsTheSorryServer() {
        World world = started("");
        on(world);
        world.fails(A);
        world.fails(B);
        off(world);
        assertEquals(ONLY_SORRY, world.table());
        world.passes(A);
        world.pass(Duration.ofSeconds(40));
        assertEquals(table("10.0.0.11:80=1"), world.table());
    }

    @Test
    void overridesOfRealServersTakeEffectAtTheEnd() {
        World world = started("");
        on(world);
        world.operator(A, RsOverride::disabled);
        world.operator(B, o -> o.withWeight(Optional.of(7L)));
        world.pass(Duration.ofSeconds(40));
        assertEquals(ONLY_SORRY, world.table());
        off(world);
        world.pass(Duration.ofSeconds(40));
        assertEquals(table("10.0.0.12:80=7"), world.table());
    }

    @Test
    void aPanicPutsNoServerIn() {
        World world = new World().start(vs(SORRY + "panic_threshold 60", rs(A, ""), rs(B, "")));
        world.passes(B);
        world.fails(A);
        assertEquals(BOTH_UP, world.table());
        assertTrue(world.hasEvent("panic.on"));
        on(world);
        world.pass(Duration.ofSeconds(40));
        assertEquals(ONLY_SORRY, world.table());
        assertTrue(world.hasEvent("panic.off"));
        off(world);
        world.pass(Duration.ofSeconds(40));
        assertEquals(BOTH_UP, world.table(), "the panic continues");
    }

    @Test
    void serversThatComeBackStartSlowlyOnlyIfTheyFailed() {
        World world = new World().start(vs(SORRY + "slow_start 100", rs(A, "weight 100"), rs(B, "weight 100")));
        world.passes(A);
        world.passes(B);
        on(world);
        world.pass(Duration.ofSeconds(40));
        world.fails(B);
        world.passes(B);
        off(world);
        assertEquals(100, world.weight(KEY, dest(11)));
        assertTrue(world.weight(KEY, dest(12)) < 10);
    }

    // ---- time

    @Test
    void itEndsAtItsTime() {
        World world = started("");
        on(world, until(world.time().plusSeconds(3600)));
        world.pass(Duration.ofSeconds(3599));
        assertEquals(ONLY_SORRY, world.table());
        world.pass(Duration.ofSeconds(40));
        assertEquals(BOTH_UP, world.table());
        String off = last(world, "maintenance.off");
        assertTrue(off.contains("reason=time") && off.contains("for=3600s"), off);
        assertEquals(Map.of(), world.maintenance);
        assertTrue(world.state.timed().isEmpty());
    }

    @Test
    void aSecondOnReplacesTheSettings() {
        World world = started("");
        on(world, until(world.time().plusSeconds(60)));
        on(world, until(world.time().plusSeconds(600)));
        world.pass(Duration.ofMinutes(5));
        assertEquals(ONLY_SORRY, world.table());
        on(world);
        world.pass(Duration.ofMinutes(10));
        assertEquals(ONLY_SORRY, world.table(), "without an end");
        assertEquals(3, count(world, "maintenance.on"));
    }

    // ---- reload and restart

    @Test
    void itContinuesAcrossAReloadAndARestart() {
        World world = started("");
        on(world, until(world.time().plusSeconds(3600)));
        world.pass(Duration.ofSeconds(40));
        world.reload(vs(SORRY, rs(A, "weight 3"), rs("10.0.0.13:80", "")));
        assertEquals(ONLY_SORRY, world.table());
        Maintenance before = server(world).maintenance().orElseThrow();
        World again = world.startAgain(true).start(two(""));
        assertEquals(ONLY_SORRY, again.table());
        assertEquals(before, server(again).maintenance().orElseThrow());
        String on = last(again, "maintenance.on");
        assertTrue(on.contains("from=stored") && on.contains("source=command"), on);
        again.pass(Duration.ofSeconds(3640));
        assertEquals(BOTH_UP, again.table());
    }

    @Test
    void aRestartWithoutTrustedResultsDoesNotLoseTheQuorum() {
        World world = started("quorum_down /bin/down");
        on(world);
        world.pass(Duration.ofSeconds(40));
        World again = world.startAgain(false).start(two("quorum_down /bin/down"));
        assertTrue(server(again).quorumUp());
        assertFalse(again.hasEvent("vs.down"));
        assertEquals(ONLY_SORRY, again.table());
        off(again);
        again.pass(Duration.ofSeconds(40));
        assertEquals(BOTH_UP, again.table());
    }

    @Test
    void aTimeThatPassedWhileTheDaemonWasStoppedEndsItAtTheStart() {
        World world = started("");
        on(world, until(world.time().plusSeconds(60)));
        world.pass(Duration.ofSeconds(50));
        World again = world.startAgain(true);
        again.skip(Duration.ofHours(1));
        again.start(two(""));
        assertTrue(last(again, "maintenance.off").contains("reason=time"));
        again.pass(Duration.ofSeconds(40));
        assertEquals(BOTH_UP, again.table());
        assertEquals(Map.of(), again.maintenance);
        assertFalse(again.hasEvent("maintenance.on"));
    }

    @Test
    void itIsForgottenWithItsVirtualServer() {
        World world = started("");
        on(world);
        String other = two("").replace("10.0.0.1 80", "10.0.0.2 80");
        world.reload(other);
        assertEquals(Map.of(), world.maintenance);
        assertTrue(last(world, "maintenance.off").contains("reason=configuration"));
        world.reload(two(""));
        world.pass(Duration.ofSeconds(40));
        assertEquals(BOTH_UP, world.table());

        on(world);
        World again = world.startAgain(true).start(other);
        assertEquals(Map.of(), again.maintenance, "also if it was removed between two runs");
    }

    @Test
    void withoutASorryServerItEnds() {
        World world = started("");
        on(world);
        world.pass(Duration.ofSeconds(40));
        world.reload(vs("", rs(A, ""), rs(B, "")));
        world.pass(Duration.ofSeconds(40));
        assertEquals(BOTH_UP, world.table());
        assertEquals(Map.of(), world.maintenance);
    }

    // ---- the configuration

    @Test
    void theConfigurationBeginsAndEndsIt() {
        World world = started("");
        world.reload(block("message \"Back soon\"\n allow 192.0.2.0/24"));
        world.pass(Duration.ofSeconds(40));
        assertEquals(ONLY_SORRY, world.table());
        Maintenance maintenance = server(world).maintenance().orElseThrow();
        assertEquals(Maintenance.Source.CONFIGURATION, maintenance.source());
        assertEquals("Back soon", maintenance.message());
        assertEquals(List.of(IpNetwork.parse("192.0.2.0/24").orElseThrow()), maintenance.allow());
        String on = last(world, "maintenance.on");
        assertTrue(on.contains("source=configuration") && on.contains("allow=192.0.2.0/24"), on);
        world.reload(two(""));
        world.pass(Duration.ofSeconds(40));
        assertEquals(BOTH_UP, world.table());
        assertTrue(last(world, "maintenance.off").contains("reason=configuration"));
    }

    @Test
    void aBlockWhoseTimeIsOverHasNoEffect() {
        World world = new World().start(block("until 2027-02-28T23:00:00Z"));
        assertEquals(BOTH_UP, world.table());
        assertFalse(world.hasEvent("maintenance.on"));
        world.reload(block("until 2027-03-01T00:01:00Z"));
        world.pass(Duration.ofSeconds(40));
        assertEquals(ONLY_SORRY, world.table());
        world.pass(Duration.ofSeconds(60));
        assertEquals(BOTH_UP, world.table());
        assertTrue(last(world, "maintenance.off").contains("reason=time"));
        world.reload(block("until 2027-03-01T00:01:00Z").replace("lvs_sched rr", "lvs_sched wrr"));
        assertEquals(BOTH_UP, world.table());
    }

    @Test
    void offOverridesTheConfigurationUntilItsBlockChanges() {
        World world = new World().start(block(""));
        assertEquals(ONLY_SORRY, world.table());
        off(world);
        world.pass(Duration.ofSeconds(40));
        assertEquals(BOTH_UP, world.table());
        world.reload(block("").replace("lvs_sched rr", "lvs_sched wrr"));
        assertEquals(BOTH_UP, world.table(), "the block is the same");
        World again = world.startAgain(true).start(block(""));
        assertEquals(BOTH_UP, again.table());
        assertEquals(
                MaintenanceEntry.State.OVERRIDDEN,
                Objects.requireNonNull(again.maintenance.get(VS)).state());
        again.reload(block("message x"));
        again.pass(Duration.ofSeconds(40));
        assertEquals(ONLY_SORRY, again.table());
        off(again);
        again.reload(two(""));
        assertEquals(Map.of(), again.maintenance);
        again.reload(block("message x"));
        again.pass(Duration.ofSeconds(40));
        assertEquals(ONLY_SORRY, again.table(), "the override was dropped with the block");
    }

    @Test
    void aCommandWhoseTimeIsOverOverridesTheConfiguration() {
        World world = new World().start(block(""));
        on(world, until(world.time().plusSeconds(60)));
        world.pass(Duration.ofSeconds(100));
        assertEquals(BOTH_UP, world.table());
        assertEquals(
                MaintenanceEntry.State.OVERRIDDEN,
                Objects.requireNonNull(world.maintenance.get(VS)).state());
    }

    @Test
    void aRestartContinuesAMaintenanceOfTheConfiguration() {
        World world = started("");
        world.reload(block(""));
        world.pass(Duration.ofSeconds(40));
        World again = world.startAgain(false).start(block(""));
        assertEquals(ONLY_SORRY, again.table());
        assertTrue(server(again).quorumUp());
        assertEquals(
                server(world).maintenance().orElseThrow().since(),
                server(again).maintenance().orElseThrow().since());
        World without = world.startAgain(true).start(two(""));
        without.pass(Duration.ofSeconds(40));
        assertEquals(BOTH_UP, without.table());
        assertTrue(last(without, "maintenance.off").contains("reason=configuration"));
    }

    @Test
    void theReloadGuardAllowsMaintenance() {
        World world = started("");
        String guard = "lvsd {\n reload_guard 10\n}\n";
        ReloadDryRun dryRun = ReloadDryRun.of(
                world.state, world.kernel.read().services(), World.config(guard + block("")), world.now());
        assertEquals("", dryRun.refusal());
        assertEquals(0, dryRun.removed());
        String fewer = guard + vs(SORRY + "maintenance {\n }", rs(A, ""));
        assertEquals(
                "1 of 2 real servers would be removed, more than reload_guard allows (10 %)",
                ReloadDryRun.of(world.state, world.kernel.read().services(), World.config(fewer), world.now())
                        .refusal(),
                "a real server that the configuration no longer has is counted");
    }

    // ---- sorry_mode

    @Test
    void sorryModeAddKeepsLiveServersNextToTheSorryServer() {
        World world = new World().start(two("quorum 2\n sorry_mode add"));
        world.passes(A);
        world.passes(B);
        world.fails(A);
        assertTrue(world.hasEvent("vs.down"));
        assertEquals(table("10.0.0.12:80=1, 10.0.0.99:80=1"), world.table());
        world.fails(B);
        assertEquals(ONLY_SORRY, world.table());
        world.passes(B);
        assertEquals(table("10.0.0.12:80=1, 10.0.0.99:80=1"), world.table());
        world.passes(A);
        world.pass(Duration.ofSeconds(40));
        assertEquals(BOTH_UP, world.table());
    }

    @Test
    void duringMaintenanceTheModeIsReplace() {
        World world = started("sorry_mode add");
        on(world);
        world.pass(Duration.ofSeconds(40));
        assertEquals(ONLY_SORRY, world.table());
    }

    @Test
    void aReloadChangesTheSorryMode() {
        World world = new World().start(two("quorum 2"));
        world.passes(A);
        world.passes(B);
        world.fails(A);
        world.pass(Duration.ofSeconds(40));
        assertEquals(ONLY_SORRY, world.table());
        world.reload(two("quorum 2\n sorry_mode add"));
        assertEquals(table("10.0.0.12:80=1, 10.0.0.99:80=1"), world.table());
    }

    // ---- the sorry page on this host

    private static final HostFacts HOST = new HostFacts(
            Set.of(Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, 1})),
            Set.of(new HostFacts.Listener(Addresses.of(AddressFamily.INET, new byte[] {127, 0, 0, 1}), 80)));

    private static World local(String lines) {
        World world = new World().start(vs("sorry_server 127.0.0.1 80\n " + lines, rs(A, ""), rs(B, "")), HOST);
        world.passes(A);
        world.passes(B);
        return world;
    }

    private static SorryBackend backend(World world) {
        return Objects.requireNonNull(world.state.sorry().chosen().get(KEY)).backend();
    }

    private static Content.Page page(World world) {
        return (Content.Page) backend(world).listeners().getFirst().content();
    }

    /** Only lvsd's page can show the message, whatever else serves port 80 of this host. */
    @Test
    void thePageOfThisHostHasTheMessageAndTheEnd() {
        World world = local("");
        assertTrue(backend(world) instanceof SorryBackend.Relay);
        on(world);
        assertTrue(backend(world) instanceof SorryBackend.Relay, "a maintenance without settings changes no page");
        Instant end = World.EPOCH.plusSeconds(600);
        on(world, new MaintenanceConfig("Back at six", Optional.of(end), List.of(), Optional.empty()));
        assertEquals("Back at six", page(world).page().message());
        assertEquals(Optional.of(end), page(world).page().until());
        assertEquals(Bypass.NONE, page(world).bypass());
        off(world);
        assertTrue(backend(world) instanceof SorryBackend.Relay);
    }

    @Test
    void allowedClientsReachTheRealServersThatReceiveConnections() {
        World world = local("");
        IpNetwork network = IpNetwork.parse("192.0.2.0/24").orElseThrow();
        on(world, new MaintenanceConfig("", Optional.empty(), List.of(network), Optional.empty()));
        assertEquals("[10.0.0.11:80, 10.0.0.12:80]", bypassed(world));
        assertEquals(24, page(world).bypass().networks().getFirst().prefix());
        world.fails(A);
        world.fails(A);
        assertEquals("[10.0.0.12:80]", bypassed(world));
        world.operator(B, o -> o.disabled());
        assertEquals("[]", bypassed(world));
        world.passes(A);
        assertEquals("[10.0.0.11:80]", bypassed(world));
    }

    private static String bypassed(World world) {
        return page(world).bypass().servers().stream()
                .map(a -> a.getAddress().getHostAddress() + ":" + a.getPort())
                .toList()
                .toString();
    }

    /** While they are not in use, the listeners end connections, so that clients connect to a real server. */
    @Test
    void theListenersInUseAreKnown() {
        World world = local("");
        assertEquals(Map.of(), world.usedSorry);
        on(world);
        assertEquals(Map.of(KEY, Set.of(new InetSocketAddress("10.0.0.1", 18_080))), world.usedSorry);
        off(world);
        assertEquals(Map.of(KEY, Set.of()), world.usedSorry);
        world.fails(A);
        world.fails(A);
        world.fails(B);
        world.fails(B);
        assertEquals(Map.of(KEY, Set.of(new InetSocketAddress("10.0.0.1", 18_080))), world.usedSorry);
    }
}
