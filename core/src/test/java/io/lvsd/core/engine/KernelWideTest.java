package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.plan.HostFacts;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.model.SyncDaemon;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What belongs to the whole table or the whole host: timeouts, sync daemons, flushing, addresses, counters. */
final class KernelWideTest {
    private static final String A = "10.0.0.11:80";
    private static final ServiceKey KEY =
            new ServiceKey.AddressKey(Protocol.TCP, Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, 1}), 80);
    private static final ServiceKey FOREIGN =
            new ServiceKey.AddressKey(Protocol.TCP, Addresses.of(AddressFamily.INET, new byte[] {10, 8, 8, 8}), 80);

    private static String vs(String lines) {
        return "virtual_server 10.0.0.1 80 {\n protocol TCP\n lvs_sched rr\n lvs_method NAT\n " + lines
                + "\n real_server 10.0.0.11 80 {\n  TCP_CHECK {\n  }\n }\n}\n";
    }

    private static String global(String line) {
        return "global_defs {\n " + line + "\n}\n" + vs("");
    }

    private static IpvsTimeouts timeouts(World world) {
        return world.kernel.read().timeouts();
    }

    private static String daemons(World world) {
        return world.kernel.read().daemons().stream()
                .map(d -> d.role() + " " + d.multicastInterface() + " " + d.syncId())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    // ---- timeouts

    @Test
    void timeoutsAreSetAndPutBackAtAStop() {
        World world = new World();
        IpvsTimeouts found = timeouts(world);
        world.start(global("lvs_timeouts tcp 100 tcpfin 20"));
        assertEquals(new IpvsTimeouts(100, 20, found.udp()), timeouts(world));
        world.reload(global("lvs_timeouts udp 30"));
        assertEquals(
                new IpvsTimeouts(found.tcp(), found.tcpFin(), 30), timeouts(world), "what is no longer configured");
        world.send(new Event.StopRequested());
        assertEquals(found, timeouts(world));
        assertTrue(world.exited);
    }

    @Test
    void timeoutsOfADaemonThatWasKilledArePutBackByTheNext() {
        World world = new World();
        IpvsTimeouts found = timeouts(world);
        world.start(global("lvs_timeouts tcp 100"));
        World next = world.startAgain(true).start(global("lvs_timeouts tcp 200"));
        assertEquals(200, timeouts(next).tcp());
        World last = next.startAgain(true).start(vs(""));
        assertEquals(found, timeouts(last), "found by the first of them");
    }

    // ---- sync daemons

    @Test
    void bothSyncDaemonsRunForTheLifeOfTheDaemon() {
        World world = new World().start(global("lvs_sync_daemon eth0 id 7"));
        assertEquals("BACKUP eth0 7, MASTER eth0 7", daemons(world));
        world.kernel.forget();
        world.reload(global("lvs_sync_daemon eth0 id 7"));
        assertEquals(List.<IpvsCommand>of(), world.kernel.seen(), "what stays is not started again");
        world.reload(global("lvs_sync_daemon eth1 id 7"));
        world.pass(Duration.ofSeconds(5));
        assertEquals("BACKUP eth1 7, MASTER eth1 7", daemons(world));
        world.reload(vs(""));
        assertEquals("", daemons(world));
        world.reload(global("lvs_sync_daemon eth0 id 7"));
        world.send(new Event.StopRequested());
        assertEquals("", daemons(world));
    }

    @Test
    void aSyncDaemonOfSomebodyElseIsLeftAlone() {
        World world = new World();
        world.kernel.apply(
                List.of(new IpvsCommand.NewDaemon(new SyncDaemon(SyncDaemon.Role.MASTER, "eth9", 3, 0, null, 0, 0))));
        world.start(vs(""));
        world.pass(Duration.ofSeconds(5));
        world.send(new Event.StopRequested());
        assertEquals("MASTER eth9 3", daemons(world));
    }

    // ---- flushing

    private static World withForeign() {
        World world = new World();
        addForeign(world);
        return world;
    }

    private static void addForeign(World world) {
        world.kernel.apply(List.of(
                new IpvsCommand.NewService(IpvsService.of(FOREIGN, "rr")),
                new IpvsCommand.NewDest(
                        FOREIGN,
                        IpvsDestination.of(
                                new DestinationKey(Addresses.of(AddressFamily.INET, new byte[] {10, 8, 8, 9}), 80),
                                ForwardingMethod.MASQ,
                                1))));
    }

    @Test
    void lvsFlushTakesForeignServicesAwayOnceOursStandAndNotAtAReload() {
        World world = withForeign().start(global("lvs_flush"));
        world.pass(Duration.ofSeconds(3));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1}}", world.table());
        List<IpvsCommand> seen = world.kernel.seen();
        int ours = seen.indexOf(seen.stream()
                .filter(c -> c instanceof IpvsCommand.NewDest(var key, var _) && key.equals(KEY))
                .findFirst()
                .orElseThrow());
        assertTrue(seen.indexOf(new IpvsCommand.DelService(FOREIGN)) > ours);
        addForeign(world);
        world.reload(global("lvs_flush"));
        world.pass(Duration.ofSeconds(3));
        assertTrue(world.kernel.read().services().containsKey(FOREIGN));
    }

    @Test
    void lvsFlushOnStopTakesForeignServicesAwayAndWithVsItDoesNot() {
        World all = withForeign().start(global("lvs_flush_on_stop"));
        all.send(new Event.StopRequested());
        all.pass(Duration.ofSeconds(3));
        assertEquals("{}", all.table());
        assertTrue(all.exited);
        World ours = withForeign().start(global("lvs_flush_on_stop VS"));
        ours.send(new Event.StopRequested());
        ours.pass(Duration.ofSeconds(3));
        assertEquals("{10.8.8.8:80/tcp={10.8.8.9:80=1}}", ours.table());
        assertTrue(ours.exited);
    }

    // ---- ha_suspend

    private static HostFacts at(String... addresses) {
        return new HostFacts(
                List.of(addresses).stream().map(InetAddress::ofLiteral).collect(Collectors.toSet()), Set.of());
    }

    @Test
    void checksRestWhileTheAddressIsElsewhere() {
        World world = new World().start(vs("ha_suspend"), at("10.0.0.2"));
        assertEquals(Set.of(), world.planned.keySet());
        String table = world.table();
        world.send(new Event.HostChanged(at("10.0.0.2", "10.0.0.1")));
        assertEquals(Set.copyOf(world.checks(A)), world.planned.keySet());
        world.fails(A);
        assertEquals("{10.0.0.1:80/tcp={}}", world.table());
        world.send(new Event.HostChanged(at("10.0.0.2")));
        assertEquals(Set.of(), world.planned.keySet());
        world.passes(A);
        assertEquals("{10.0.0.1:80/tcp={}}", world.table(), "what comes in late counts for nothing");
        world.send(new Event.HostChanged(at("10.0.0.1")));
        world.passes(A);
        assertEquals(table, world.table());
    }

    @Test
    void aReloadAsksForHaSuspendOrNoLonger() {
        World world = new World().start(vs(""), at("10.0.0.2"));
        assertFalse(world.planned.isEmpty());
        world.reload(vs("ha_suspend"));
        assertTrue(world.planned.isEmpty());
        world.reload(vs(""));
        assertFalse(world.planned.isEmpty());
    }

    // ---- counters

    /** A reading in which the one destination has counted so much. */
    private static IpvsSnapshot counted(World world, long connections, long in, long out) {
        IpvsSnapshot read = world.kernel.read();
        IpvsStats stats = new IpvsStats(connections, in, out, 0, 0, 0, 0, 0, 0, 0);
        SortedMap<ServiceKey, ServiceState> services = new TreeMap<>();
        read.services().forEach((key, service) -> {
            SortedMap<DestinationKey, DestinationState> destinations = new TreeMap<>();
            service.destinations()
                    .forEach((at, d) -> destinations.put(
                            at, new DestinationState(d.config(), d.active(), d.inactive(), d.persistent(), stats)));
            services.put(key, new ServiceState(service.config(), stats, destinations));
        });
        return new IpvsSnapshot(read.info(), read.timeouts(), read.daemons(), services);
    }

    @Test
    void aServerThatGetsConnectionsAndIsSilentIsLookedAtAtOnce() {
        for (String method : List.of("NAT", "DR")) {
            World world = new World().start(vs("").replace("NAT", method));
            world.passes(A);
            Duration usual =
                    Objects.requireNonNull(world.planned.get(world.checks(A).getFirst()));
            world.send(new Event.KernelRead(counted(world, 10, 100, 90), 0));
            world.send(new Event.KernelRead(counted(world, 20, 200, 180), 0));
            assertEquals(usual, world.planned.get(world.checks(A).getFirst()), "replies flow");
            world.send(new Event.KernelRead(counted(world, 30, 300, 180), 0));
            Duration expected = method.equals("NAT") ? Duration.ZERO : usual;
            assertEquals(expected, world.planned.get(world.checks(A).getFirst()), method);
            assertTrue(world.table().contains("10.0.0.11:80=1"), "no failure");
        }
    }
}
