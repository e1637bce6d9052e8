package io.lvsd.core.engine;

import static io.lvsd.core.engine.World.rs;
import static io.lvsd.core.engine.World.vs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Probes, sorry servers and draining, as scenarios on a manual clock. */
final class EngineTest {
    private static final String A = "10.0.0.11:80";
    private static final String B = "10.0.0.12:80";

    private static final String TWO = vs("", rs(A, ""), rs(B, ""));
    private static final String SORRY = vs("sorry_server 10.0.0.99 80", rs(A, ""), rs(B, ""));

    private static DestinationKey dest(int last) {
        return new DestinationKey(Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, (byte) last}), 80);
    }

    // ---- health to table

    @Test
    void serversAreInBeforeTheirFirstProbeUnlessAlpha() {
        assertEquals(
                "{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1}}",
                new World().start(TWO).table());
        World alpha = new World().start(vs("alpha", rs(A, ""), rs(B, "")));
        assertEquals("{10.0.0.1:80/tcp={}}", alpha.table());
        alpha.passes(A);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1}}", alpha.table());
    }

    @Test
    void aFailedServerLeavesAtOnceAndReturns() {
        World world = new World().start(TWO);
        world.fails(A);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.12:80=1}}", world.table());
        world.passes(A);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1}}", world.table());
    }

    @Test
    void aFailedServerThatIsInhibitedStaysAtWeightZero() {
        World world = new World().start(vs("inhibit_on_failure", rs(A, "weight 5"), rs(B, "")));
        world.fails(A);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=0, 10.0.0.12:80=1}}", world.table());
        world.passes(A);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=5, 10.0.0.12:80=1}}", world.table());
    }

    @Test
    void aServerIsUpOnlyIfAllItsChecksAre() {
        World world = new World().start(vs("", rs(A, "TCP_CHECK {\n connect_port 81\n }"), rs(B, "")));
        var checks = world.checks(A);
        assertEquals(2, checks.size());
        world.fails(A);
        world.report(checks.getFirst(), ProbeResult.Passed.plain());
        assertEquals("{10.0.0.1:80/tcp={10.0.0.12:80=1}}", world.table());
        world.report(checks.getLast(), ProbeResult.Passed.plain());
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1}}", world.table());
    }

    @Test
    void localTroubleNeverTakesAServerOut() {
        World world = new World().start(TWO);
        for (int i = 0; i < 10; i++) {
            world.checks(A).forEach(c -> world.report(c, new ProbeResult.Inconclusive("no ports")));
        }
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1}}", world.table());
        assertEquals(
                1,
                world.events.stream()
                        .filter(t -> t.name().equals("probe.inconclusive"))
                        .count(),
                "reported once while it lasts");
    }

    @Test
    void onlyAPassThatRepeatsTheLastOneIsRoutine() {
        World world = new World().start(TWO);
        CheckId a = world.checks(A).getFirst();
        ProbeResult passed = ProbeResult.Passed.plain();
        assertEquals(Optional.empty(), routine(world, a), "no result yet");
        world.passes(A);
        assertEquals(Optional.of(passed), routine(world, a));
        world.fails(A);
        assertEquals(Optional.empty(), routine(world, a), "it is down");
        world.passes(A);
        assertEquals(Optional.of(passed), routine(world, a));
    }

    private static Optional<ProbeResult> routine(World world, CheckId check) {
        return world.state.check(check).orElseThrow().routine();
    }

    // ---- probes on the path of user traffic

    private static String viaVip(String... servers) {
        return vs("via_vip", servers).replace("lvs_method NAT", "lvs_method DR");
    }

    /** The services that are there for probes only. */
    private static List<ServiceKey> paths(World world) {
        return world.kernel.read().services().keySet().stream()
                .filter(Translation::isPath)
                .toList();
    }

    private static boolean isOpen(World world, String server) {
        return world.checks(server).stream()
                .map(c -> Objects.requireNonNull(world.state.servers().get(c.vs()))
                        .check(c)
                        .orElseThrow())
                .allMatch(c -> Engine.mayProbe(world.state, c.probeKey().orElseThrow()));
    }

    @Test
    void eachServerThatIsProbedThroughTheVirtualAddressHasAServiceForThatAsLongAsItIsConfigured() {
        World world = new World().start(viaVip(rs(A, "uthreshold 9"), rs(B, "")));
        assertEquals(2, paths(world).size());
        for (ServiceKey key : paths(world)) {
            var destinations = Objects.requireNonNull(
                            world.kernel.read().services().get(key))
                    .destinations()
                    .values();
            assertEquals(1, destinations.size());
            IpvsDestination only = destinations.iterator().next().config();
            assertEquals(ForwardingMethod.DROUTE, only.method());
            assertEquals(0, only.upperThreshold(), "probes are not subject to a limit");
        }
        assertTrue(isOpen(world, A));
        world.fails(A);
        assertEquals(2, paths(world).size(), "a real server that is down is probed, too");
        assertEquals(1, world.rows.table().rows().size(), "LVS-MIB does not show them");
        world.send(new Event.Reloaded(World.config(viaVip(rs(B, "")))));
        assertEquals(1, paths(world).size());
        world.send(new Event.Reloaded(World.config(vs("", rs(B, "")))));
        assertEquals(List.of(), paths(world));
    }

    @Test
    void aProbeWaitsWhileTheServiceThatItTravelsThroughIsNotThere() {
        World world = new World().start(viaVip(rs(A, ""), rs(B, "")));
        assertTrue(isOpen(world, A));
        ServiceKey key = paths(world).getFirst();
        world.kernel.apply(List.of(new IpvsCommand.DelService(key)));
        world.kernel.refuse(_ -> true);
        world.send(new Event.KernelRead(world.kernel.read(), 0));
        assertFalse(isOpen(world, A) && isOpen(world, B), "one of them has no path");
        world.kernel.refuse(_ -> false);
        world.pass(Duration.ofSeconds(5));
        assertTrue(isOpen(world, A) && isOpen(world, B), "what is missing comes back");
    }

    @Test
    void aPlanDoesNotShowTheServicesOfProbes() {
        World world = new World().start(vs("", rs(A, "")).replace("lvs_method NAT", "lvs_method DR"));
        ReloadDryRun dryRun = ReloadDryRun.of(
                world.state, world.kernel.read().services(), World.config(viaVip(rs(A, ""), rs(B, ""))), world.now());
        assertEquals(1, dryRun.plan().commands().size(), dryRun.plan()::toString);
        assertTrue(dryRun.plan().commands().getFirst() instanceof IpvsCommand.NewDest);
    }

    // ---- sorry server

    @Test
    void theSorryServerComesWithWeightOneWhenTheLastServerFailsAndGoesWhenOneReturns() {
        World world = new World().start(SORRY);
        world.fails(A);
        world.fails(B);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.99:80=1}}", world.table());
        world.passes(B);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.12:80=1, 10.0.0.99:80=0}}", world.table());
        world.pass(Duration.ofSeconds(4));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.12:80=1}}", world.table());
    }

    @Test
    void theSorryServerIsAddedBeforeTheLastRealServerLeaves() {
        World world = new World().start(SORRY);
        world.fails(A);
        world.kernel.forget();
        world.fails(B);
        List<IpvsCommand> sent = world.kernel.seen();
        assertTrue(sent.getFirst() instanceof IpvsCommand.NewDest, sent::toString);
        assertTrue(sent.getLast() instanceof IpvsCommand.DelDest, sent::toString);
    }

    @Test
    void liveServersStayWhenTheSorryServerIsRefusedByTheKernel() {
        World world = new World().start(vs("quorum 2\n sorry_server 10.0.0.99 80", rs(A, ""), rs(B, "")));
        world.kernel.refuse(
                c -> c instanceof IpvsCommand.NewDest(var _, var d) && d.key().equals(dest(99)));
        world.fails(A);
        assertTrue(world.table().contains("10.0.0.12:80=1"), world.table());
        assertTrue(world.hasEvent("ipvs.failed"));
        world.kernel.refuse(_ -> false);
        world.pass(Duration.ofSeconds(5));
        assertTrue(world.table().contains("10.0.0.99:80=1"), world.table());
        assertTrue(world.hasEvent("ipvs.recovered"));
    }

    @Test
    void aDeadServerIsStillTakenOutWhileAnotherCommandOfItsServiceIsRefused() {
        World world = new World();
        world.kernel.refuse(
                c -> c instanceof IpvsCommand.NewDest(var _, var d) && d.key().equals(dest(13)));
        world.start(vs("", rs(A, ""), rs(B, ""), rs("10.0.0.13:80", "")));
        world.pass(Duration.ofSeconds(3));
        world.fails(A);
        world.pass(Duration.ofSeconds(3));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.12:80=1}}", world.table());
    }

    @Test
    void liveServersStayWhileALocalSorryServerDoesNotAnswer() {
        World world = new World();
        world.sorryFailure = "port 18080 is held by another program";
        world.start(vs("quorum 2\n sorry_server 127.0.0.1 80", rs(A, ""), rs(B, "")));
        world.fails(A);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.12:80=1}}", world.table());
        assertTrue(world.events.stream()
                .anyMatch(t -> t.name().equals("sorry.failed") && t.toString().contains("held by another program")));
    }

    /** The page of a service for all ports keeps the client's port. */
    @Test
    void theUseOfASorryServerIsReportedForEachServiceOfAGroup() {
        String group = "virtual_server_group g {\n 10.0.0.1 80\n 10.0.0.2 0\n}\n";
        String server = vs("persistence_timeout 360\n sorry_server 127.0.0.1 80", rs(A, ""))
                .replace("virtual_server 10.0.0.1 80", "virtual_server group g");
        World world = new World().start(group + server);
        world.fails(A);
        assertEquals(
                List.of("sorry.on 10.0.0.2:0/tcp", "sorry.on 10.0.0.1:80/tcp"),
                world.events.stream()
                        .filter(e -> e.name().startsWith("sorry."))
                        .map(e -> e.name() + " " + e.fields().get("service"))
                        .sorted(Comparator.reverseOrder())
                        .toList());
        assertEquals("{10.0.0.1:80/tcp={10.0.0.1:18080=1}, 10.0.0.2:0/tcp={10.0.0.2:0=1}}", world.table());
        world.passes(A);
        assertTrue(world.hasEvent("sorry.off"));
    }

    private static String served(World world) {
        return world.state.sorry().chosen().values().stream()
                .flatMap(route -> route.backend().listeners().stream())
                .map(l -> l.virtualServer() + " on " + l.address().getPort() + " " + l.content())
                .sorted()
                .collect(Collectors.joining("; "));
    }

    private static String sorry(int port, String inside) {
        return vs("sorry_server 127.0.0.1 80\n sorry_page {\n banner \"" + inside + "\"\n }", rs(A, ""))
                .replace("virtual_server 10.0.0.1 80", "virtual_server 10.0.0.1 " + port);
    }

    @Test
    void aReloadChangesThePageWithoutAMomentWithoutSorryServer() {
        World world = new World().start(sorry(80, "old"));
        world.fails(A);
        world.reload(sorry(80, "new"));
        assertEquals("10.0.0.1:80/tcp on 18080 Banner[text=new]", served(world));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.1:18080=1}}", world.table());
        assertEquals(
                List.of("sorry.on"),
                world.events.stream()
                        .map(DaemonEvent::name)
                        .filter(n -> n.startsWith("sorry."))
                        .toList());
    }

    @Test
    void aVirtualServerThatAReloadAddsTakesThePortOfAnotherOneWhichMoves() {
        World world = new World().start(sorry(443, "second"));
        world.fails(A);
        assertEquals("10.0.0.1:443/tcp on 18080 Banner[text=second]", served(world));
        world.reload(sorry(443, "second") + sorry(80, "first"));
        assertEquals(
                "10.0.0.1:443/tcp on 18081 Banner[text=second]; 10.0.0.1:80/tcp on 18080 Banner[text=first]",
                served(world));
        assertTrue(world.table().contains("10.0.0.1:18081=1"), world::table);
    }

    @Test
    void aSorryServerThatAReloadAddsIsTestedBeforeItIsReported() {
        for (String failure : List.of("", "port 18080 is held by process 1")) {
            World world = new World().start(vs("", rs(A, "")));
            world.fails(A);
            world.sorryFailure = failure;
            world.reload(vs("sorry_server 127.0.0.1 80", rs(A, "")));
            assertEquals(
                    failure.isEmpty() ? List.of() : List.of(failure),
                    world.events.stream()
                            .filter(t -> t.name().equals("sorry.failed"))
                            .map(t -> t.fields().get("reason"))
                            .toList());
        }
    }

    @Test
    void aLocalSorryServerIsProgrammedAsWhatTheKernelDelivers() {
        World world = new World().start(vs("sorry_server 127.0.0.1 80", rs(A, "")));
        world.fails(A);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.1:18080=1}}", world.table());
        HostFacts web = new HostFacts(Set.of(), Set.of(new HostFacts.Listener(IpAddresses.ofBytes(new byte[4]), 80)));
        world.send(new Event.HostChanged(web));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.1:18080=0, 10.0.0.1:80=1}}", world.table());
    }

    @Test
    void quorumIsLostBelowAndGainedAboveItsBand() {
        World world = new World()
                .start(vs(
                        "quorum 2\n hysteresis 1\n sorry_server 10.0.0.99 80",
                        rs(A, ""),
                        rs(B, ""),
                        rs("10.0.0.13:80", "")));
        world.fails(A);
        world.fails(B);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.13:80=1}}", world.table(), "1 is not below 2-1");
        world.fails("10.0.0.13:80");
        assertEquals("{10.0.0.1:80/tcp={10.0.0.99:80=1}}", world.table());
        world.passes(A);
        world.passes(B);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.99:80=1}}", world.table(), "2 is below 2+1");
        world.passes("10.0.0.13:80");
        world.pass(Duration.ofSeconds(4));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1, 10.0.0.13:80=1}}", world.table());
    }

    // ---- leaving

    @Test
    void aHealthyServerThatLeavesTheFileGoesToWeightZeroFirst() {
        World world = new World().start(TWO);
        world.reload(vs("", rs(A, "")));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=0}}", world.table());
        world.pass(Duration.ofSeconds(4));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1}}", world.table());
    }

    @Test
    void aServiceThatLeavesTheFileLetsItsServersFinish() {
        World world = new World().start(TWO);
        world.reload("# nothing\n");
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=0, 10.0.0.12:80=0}}", world.table());
        world.pass(Duration.ofSeconds(4));
        assertEquals("{}", world.table());
        assertEquals(Set.of(), world.owned);
    }

    @Test
    void aServerThatComesBackWhileItLeavesIsSimplyIn() {
        World world = new World().start(TWO);
        world.reload(vs("", rs(A, "")));
        world.reload(TWO);
        world.pass(Duration.ofSeconds(60));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1}}", world.table());
    }

    @Test
    void graceOfZeroDeletesAtOnce() {
        World world = new World().start(TWO);
        world.reload(vs("removal_grace 0", rs(A, "")));
        world.reload(vs("removal_grace 0", rs(A, ""), rs(B, "")));
        world.reload(vs("removal_grace 0", rs(A, "")));
        world.pass(Duration.ofMillis(500));
        assertFalse(world.table().contains(B), world.table());
    }
}
