package io.lvsd.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.ipvs.ApplyResult.Applied;
import io.lvsd.ipvs.ApplyResult.Rejected;
import io.lvsd.ipvs.ApplyResult.Stale;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.model.SyncDaemon;
import io.lvsd.ipvs.model.Tunnel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every table must do: the kernel's, the embedded one, the one in memory, and the fake of the tests. */
public abstract class IpvsContract {
    private IpvsClient client;

    /** An empty table. */
    protected abstract IpvsClient open();

    @BeforeEach
    void openTable() {
        client = open();
    }

    @AfterEach
    void emptyTable() {
        client.read().services().keySet().forEach(key -> client.apply(List.of(new IpvsCommand.DelService(key))));
        client.close();
    }

    /** The network of the services, which a table that listens must find on this host. */
    protected String network() {
        return "10.77.0";
    }

    /** The IPv6 address of the services. */
    protected byte[] address6() {
        byte[] bytes = new byte[16];
        bytes[0] = (byte) 0xfd;
        bytes[15] = 1;
        return bytes;
    }

    /** Whether the table forwards packets; one that forwards connections rejects what it cannot do. */
    protected boolean forwardsPackets() {
        return true;
    }

    private ServiceKey virtual(Protocol protocol, int last, int port) {
        return new ServiceKey.AddressKey(
                protocol, Addresses.of(AddressFamily.INET, octets(network() + "." + last)), port);
    }

    private static byte[] octets(String address) {
        byte[] bytes = new byte[4];
        String[] parts = address.split("\\.");
        for (int i = 0; i < 4; i++) {
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
    }

    private ServiceKey tcp() {
        return virtual(Protocol.TCP, 1, 8080);
    }

    private IpvsService rr() {
        return IpvsService.of(tcp(), "rr");
    }

    private ServiceKey v6(int port) {
        return new ServiceKey.AddressKey(Protocol.TCP, Addresses.of(AddressFamily.INET6, address6()), port);
    }

    private static DestinationKey dest(int last, int port) {
        return new DestinationKey(Addresses.of(AddressFamily.INET, octets("10.77.1." + last)), port);
    }

    private static IpvsDestination masq(int last, long weight) {
        return IpvsDestination.of(dest(last, 8080), ForwardingMethod.MASQ, weight);
    }

    private ApplyResult apply(IpvsCommand command) {
        return client.apply(List.of(command)).getFirst();
    }

    private void make(IpvsCommand... commands) {
        client.apply(List.of(commands)).forEach(r -> assertEquals(new Applied(), r));
    }

    private @Nullable ServiceState service(ServiceKey key) {
        return client.read().services().get(key);
    }

    private @Nullable DestinationState destination(ServiceKey key, DestinationKey dest) {
        ServiceState state = service(key);
        return state == null ? null : state.destinations().get(dest);
    }

    private static int errno(ApplyResult result) {
        return switch (result) {
            case Applied() -> 0;
            case Stale(int errno) -> errno;
            case Rejected(int errno, String _) -> errno;
        };
    }

    private static void assertStale(Errno errno, ApplyResult result) {
        assertEquals(new Stale(errno.number()), result);
    }

    private static void assertRejected(Errno errno, ApplyResult result) {
        assertTrue(result instanceof Rejected && errno(result) == errno.number(), result::toString);
    }

    @Test
    void aNewServiceReadsBackAsItWasWritten() {
        List<IpvsService> services = new ArrayList<>();
        for (String scheduler : List.of("rr", "wrr", "lc", "wlc", "sed", "nq", "fo", "ovf")) {
            services.add(IpvsService.of(virtual(Protocol.TCP, 2, 8100 + services.size()), scheduler));
        }
        services.add(new IpvsService(
                virtual(Protocol.TCP, 3, 8001), "sh", IpvsService.SCHED1 | IpvsService.SCHED2, 0, 0, ""));
        services.add(new IpvsService(virtual(Protocol.TCP, 3, 8002), "mh", IpvsService.SCHED1, 0, 0, ""));
        services.add(new IpvsService(virtual(Protocol.UDP, 3, 8003), "rr", IpvsService.ONE_PACKET, 0, 0, ""));
        services.add(
                new IpvsService(virtual(Protocol.TCP, 3, 8004), "rr", IpvsService.PERSISTENT, 300, 0xffffff00L, ""));
        services.add(IpvsService.of(v6(8080), "rr"));
        services.add(new IpvsService(v6(8081), "rr", IpvsService.PERSISTENT, 60, 64, ""));
        for (IpvsService service : services) {
            assertEquals(new Applied(), apply(new IpvsCommand.NewService(service)), service::toString);
        }
        var read = client.read().services();
        for (IpvsService service : services) {
            ServiceState state = read.get(service.key());
            assertNotNull(state, service::toString);
            assertEquals(service, state.config());
        }
        assertEquals(services.size(), read.size());
    }

    @Test
    void whatOnlyPacketsCanDoReadsBackOrIsRejectedWithItsReason() {
        List<IpvsService> services = new ArrayList<>();
        for (String scheduler : List.of("lblc", "lblcr", "dh")) {
            services.add(IpvsService.of(virtual(Protocol.TCP, 2, 8200 + services.size()), scheduler));
        }
        services.add(new IpvsService(virtual(Protocol.TCP, 3, 0), "rr", IpvsService.PERSISTENT, 360, 0xffffffffL, ""));
        services.add(
                new IpvsService(virtual(Protocol.UDP, 3, 5060), "rr", IpvsService.PERSISTENT, 300, 0xffffffffL, "sip"));
        services.add(IpvsService.of(virtual(Protocol.SCTP, 3, 8005), "rr"));
        services.add(IpvsService.of(new ServiceKey.FwmarkKey(AddressFamily.INET, 77), "rr"));
        services.add(IpvsService.of(new ServiceKey.FwmarkKey(AddressFamily.INET6, 77), "rr"));
        services.add(IpvsService.of(new ServiceKey.FwmarkKey(AddressFamily.INET, 0xffff_ffffL), "rr"));
        for (IpvsService service : services) {
            assertAppliedOrExplained(apply(new IpvsCommand.NewService(service)), service);
            ServiceState read = service(service.key());
            assertEquals(forwardsPackets() ? service : null, read == null ? null : read.config());
        }
    }

    private void assertAppliedOrExplained(ApplyResult result, Object what) {
        if (forwardsPackets()) {
            assertEquals(new Applied(), result, what::toString);
        } else {
            assertTrue(result instanceof Rejected(int _, String text) && text.contains("embedded"), result::toString);
        }
    }

    @Test
    void aNewDestinationReadsBackAsItWasWritten() {
        make(new IpvsCommand.NewService(rr()));
        List<IpvsDestination> destinations = List.of(
                masq(1, 1),
                masq(2, 0),
                masq(3, Integer.MAX_VALUE),
                new IpvsDestination(dest(9, 8080), ForwardingMethod.MASQ, 5, 100, 80, Tunnel.NONE));
        for (IpvsDestination destination : destinations) {
            make(new IpvsCommand.NewDest(tcp(), destination));
            DestinationState read = destination(tcp(), destination.key());
            assertNotNull(read, destination::toString);
            assertEquals(destination, read.config());
            assertEquals(0, read.active());
        }
        assertEquals(destinations.size(), client.read().destinationCount());
    }

    @Test
    void aDestinationThatGetsPacketsReadsBackOrIsRejectedWithItsReason() {
        make(new IpvsCommand.NewService(rr()));
        List<IpvsDestination> destinations = List.of(
                new IpvsDestination(dest(4, 80), ForwardingMethod.DROUTE, 5, 0, 0, Tunnel.NONE),
                new IpvsDestination(dest(5, 80), ForwardingMethod.TUNNEL, 5, 0, 0, Tunnel.NONE),
                new IpvsDestination(
                        dest(6, 80), ForwardingMethod.TUNNEL, 5, 0, 0, new Tunnel(Tunnel.GUE, 6080, Tunnel.CSUM)),
                new IpvsDestination(
                        dest(7, 80), ForwardingMethod.TUNNEL, 5, 0, 0, new Tunnel(Tunnel.GUE, 6080, Tunnel.REMCSUM)),
                new IpvsDestination(
                        dest(8, 80), ForwardingMethod.TUNNEL, 5, 0, 0, new Tunnel(Tunnel.GRE, 0, Tunnel.CSUM)));
        for (IpvsDestination destination : destinations) {
            assertAppliedOrExplained(apply(new IpvsCommand.NewDest(tcp(), destination)), destination);
            DestinationState read = destination(tcp(), destination.key());
            assertEquals(forwardsPackets() ? destination : null, read == null ? null : read.config());
        }
    }

    @Test
    void aTunnelMayCarryAnotherFamily() {
        make(new IpvsCommand.NewService(IpvsService.of(v6(8080), "rr")));
        IpvsDestination tunnelled = new IpvsDestination(dest(1, 80), ForwardingMethod.TUNNEL, 1, 0, 0, Tunnel.NONE);
        assertAppliedOrExplained(apply(new IpvsCommand.NewDest(v6(8080), tunnelled)), tunnelled);
        DestinationState read = destination(v6(8080), tunnelled.key());
        assertEquals(forwardsPackets() ? tunnelled : null, read == null ? null : read.config());
        assertRejected(Errno.EINVAL, apply(new IpvsCommand.NewDest(v6(8080), masq(2, 1))));
    }

    @Test
    void whatIsThereAlreadyIsStale() {
        make(new IpvsCommand.NewService(rr()), new IpvsCommand.NewDest(tcp(), masq(1, 1)));
        assertStale(Errno.EEXIST, apply(new IpvsCommand.NewService(rr())));
        assertStale(Errno.EEXIST, apply(new IpvsCommand.NewDest(tcp(), masq(1, 1))));
    }

    @Test
    void whatIsNotThereIsStale() {
        assertStale(Errno.ESRCH, apply(new IpvsCommand.SetService(rr())));
        assertStale(Errno.ESRCH, apply(new IpvsCommand.DelService(tcp())));
        assertStale(Errno.ESRCH, apply(new IpvsCommand.NewDest(tcp(), masq(1, 1))));
        assertStale(Errno.ESRCH, apply(new IpvsCommand.SetDest(tcp(), masq(1, 1))));
        assertStale(Errno.ESRCH, apply(new IpvsCommand.DelDest(tcp(), dest(1, 8080))));
        assertStale(Errno.ESRCH, apply(new IpvsCommand.Zero(tcp())));
        make(new IpvsCommand.NewService(rr()));
        assertStale(Errno.ENOENT, apply(new IpvsCommand.SetDest(tcp(), masq(1, 1))));
        assertStale(Errno.ENOENT, apply(new IpvsCommand.DelDest(tcp(), dest(1, 8080))));
    }

    @Test
    void anUnknownSchedulerIsRejectedAndSaysSo() {
        ApplyResult result = apply(new IpvsCommand.NewService(IpvsService.of(tcp(), "nosuch")));
        assertRejected(Errno.ENOENT, result);
        String text = result.describe(new IpvsCommand.NewService(IpvsService.of(tcp(), "nosuch")));
        assertTrue(text.startsWith("NEW_SERVICE " + tcp() + " nosuch: ENOENT (no such entry), "), text);
        assertTrue(text.contains("unknown scheduler") || text.contains("no scheduler 'nosuch'"), text);
        assertNull(service(tcp()));
    }

    @Test
    void aWeightOutOfRangeIsRejected() {
        make(new IpvsCommand.NewService(rr()));
        assertRejected(Errno.ERANGE, apply(new IpvsCommand.NewDest(tcp(), masq(1, 0xffff_ffffL))));
    }

    @Test
    void aLowerThresholdAboveTheUpperOneIsRejectedEvenWithoutAnUpperOne() {
        make(new IpvsCommand.NewService(rr()));
        for (int upper : List.of(0, 10)) {
            assertRejected(
                    Errno.ERANGE,
                    apply(new IpvsCommand.NewDest(
                            tcp(),
                            new IpvsDestination(dest(1, 8080), ForwardingMethod.MASQ, 1, upper, 50, Tunnel.NONE))));
        }
        make(new IpvsCommand.NewDest(
                tcp(), new IpvsDestination(dest(1, 8080), ForwardingMethod.MASQ, 1, 50, 50, Tunnel.NONE)));
    }

    @Test
    void aServiceChangesInPlaceAndKeepsItsDestinations() {
        make(new IpvsCommand.NewService(rr()), new IpvsCommand.NewDest(tcp(), masq(1, 1)));
        IpvsService changed = new IpvsService(tcp(), "wlc", IpvsService.PERSISTENT, 120, 0xffff0000L, "");
        make(new IpvsCommand.SetService(changed));
        ServiceState read = service(tcp());
        assertNotNull(read);
        assertEquals(changed, read.config());
        assertEquals(1, read.destinations().size());
        make(new IpvsCommand.SetService(rr()));
        ServiceState back = service(tcp());
        assertNotNull(back);
        assertEquals(rr(), back.config());
    }

    @Test
    void aDestinationChangesInPlace() {
        make(new IpvsCommand.NewService(rr()), new IpvsCommand.NewDest(tcp(), masq(1, 1)));
        make(new IpvsCommand.SetDest(tcp(), masq(1, 0)));
        DestinationState read = destination(tcp(), dest(1, 8080));
        assertNotNull(read);
        assertEquals(0, read.config().weight());
        make(new IpvsCommand.DelDest(tcp(), dest(1, 8080)));
        assertNull(destination(tcp(), dest(1, 8080)));
    }

    @Test
    void aBatchGoesOnAfterAnErrorAndNamesTheOneThatFailed() {
        List<ApplyResult> results = client.apply(List.of(
                new IpvsCommand.NewService(rr()),
                new IpvsCommand.NewDest(tcp(), masq(1, 1)),
                new IpvsCommand.NewDest(tcp(), masq(1, 1)),
                new IpvsCommand.NewDest(tcp(), masq(2, 1)),
                new IpvsCommand.DelDest(tcp(), dest(9, 9))));
        assertEquals(
                List.of(
                        new Applied(),
                        new Applied(),
                        new Stale(Errno.EEXIST.number()),
                        new Applied(),
                        new Stale(Errno.ENOENT.number())),
                results);
        assertEquals(2, client.read().destinationCount());
    }

    @Test
    void aThousandCommandsAreOneCall() {
        List<IpvsCommand> commands = new ArrayList<>();
        commands.add(new IpvsCommand.NewService(rr()));
        for (int i = 0; i < 999; i++) {
            byte[] address = {10, 78, (byte) (i / 250), (byte) (i % 250 + 1)};
            var key = new DestinationKey(Addresses.of(AddressFamily.INET, address), 80);
            commands.add(new IpvsCommand.NewDest(tcp(), IpvsDestination.of(key, ForwardingMethod.MASQ, 1)));
        }
        assertTrue(client.apply(commands).stream().allMatch(ApplyResult::applied));
        assertEquals(999, client.read().destinationCount());
    }

    @Test
    void someServicesAreReadWithTheirDestinationsAndMissingOnesAreAbsent() {
        ServiceKey other = virtual(Protocol.TCP, 2, 8090);
        make(
                new IpvsCommand.NewService(rr()),
                new IpvsCommand.NewDest(tcp(), masq(1, 1)),
                new IpvsCommand.NewService(IpvsService.of(other, "wlc")));
        ServiceKey missing = virtual(Protocol.TCP, 2, 8091);
        IpvsSnapshot all = client.read();
        assertEquals(
                Map.of(tcp(), Objects.requireNonNull(all.services().get(tcp()))), client.read(List.of(tcp(), missing)));
        assertEquals(all.services(), client.read(List.of(other, tcp())));
        assertEquals(Map.of(), client.read(List.of(missing)));
    }

    @Test
    void theListNamesServicesTimeoutsAndInfo() {
        make(new IpvsCommand.NewService(rr()), new IpvsCommand.NewDest(tcp(), masq(1, 1)));
        IpvsSnapshot all = client.read();
        assertEquals(new IpvsGlobals(all.info(), all.timeouts(), all.daemons()), client.globals());
        assertEquals(List.of(tcp()), client.list());
    }

    @Test
    void zeroKeepsWhatItZeroes() {
        make(
                new IpvsCommand.NewService(rr()),
                new IpvsCommand.NewDest(tcp(), masq(1, 1)),
                new IpvsCommand.Zero(tcp()),
                new IpvsCommand.ZeroAll());
        assertEquals(1, client.read().destinationCount());
    }

    /** An interface that synchronisation can use. */
    protected String syncInterface() {
        return "lo";
    }

    @Test
    void synchronisationDaemonsOfBothRolesStartReadBackAndStop() {
        for (SyncDaemon.Role role : SyncDaemon.Role.values()) {
            SyncDaemon daemon = new SyncDaemon(role, syncInterface(), 7, 0, null, 0, 0);
            assertStale(Errno.ESRCH, apply(new IpvsCommand.DelDaemon(daemon)));
            if (!forwardsPackets()) {
                assertRejected(Errno.EOPNOTSUPP, apply(new IpvsCommand.NewDaemon(daemon)));
                continue;
            }
            make(new IpvsCommand.NewDaemon(daemon));
            SyncDaemon read = client.read().daemons().getFirst();
            assertEquals(
                    List.of(role, syncInterface(), 7), List.of(read.role(), read.multicastInterface(), read.syncId()));
            assertStale(Errno.EEXIST, apply(new IpvsCommand.NewDaemon(daemon)));
            make(new IpvsCommand.DelDaemon(daemon));
            assertEquals(List.of(), client.read().daemons());
        }
    }

    @Test
    void timeoutsOfZeroStayAsTheyAre() {
        IpvsTimeouts found = client.read().timeouts();
        make(new IpvsCommand.SetTimeouts(new IpvsTimeouts(1000, 0, 0)));
        assertEquals(
                new IpvsTimeouts(1000, found.tcpFin(), found.udp()),
                client.read().timeouts());
        make(new IpvsCommand.SetTimeouts(found));
        assertEquals(found, client.read().timeouts());
    }

    @Test
    void theInfoNamesVersionAndTable() {
        assertEquals("1.2.1", client.read().info().version());
        assertEquals(4096, client.read().info().connectionTableSize());
    }
}
