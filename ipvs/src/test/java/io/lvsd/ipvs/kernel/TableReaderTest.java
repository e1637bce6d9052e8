package io.lvsd.ipvs.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.lvsd.ipvs.IpvsClient;
import io.lvsd.ipvs.codec.IpvsUapi;
import io.lvsd.ipvs.kernel.ScriptedKernel.Entry;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.model.Tunnel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Readings use the objects of the reading before for everything that is unchanged. */
final class TableReaderTest {
    private static final ServiceKey WEB = tcp(1);

    private final ScriptedKernel kernel = new ScriptedKernel();
    private final IpvsClient client = kernel.client();

    private static ServiceKey tcp(int last) {
        return new ServiceKey.AddressKey(
                Protocol.TCP, Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, (byte) last}), 80);
    }

    private static DestinationKey dest(int last) {
        return new DestinationKey(Addresses.of(AddressFamily.INET, new byte[] {10, 1, 0, (byte) last}), 8080);
    }

    private static DestinationState idle(int last) {
        return DestinationState.idle(IpvsDestination.of(dest(last), ForwardingMethod.MASQ, 1));
    }

    private Entry service(ServiceKey key, int... destinations) {
        Entry entry = new Entry(IpvsService.of(key, "wrr"));
        for (int d : destinations) {
            entry.destinations.add(idle(d));
        }
        kernel.services.add(entry);
        return entry;
    }

    private ServiceState read(ServiceKey key) {
        return Objects.requireNonNull(client.read().services().get(key), key::toString);
    }

    private static DestinationState of(ServiceState service, int last) {
        return Objects.requireNonNull(service.destinations().get(dest(last)));
    }

    @Test
    void anUnchangedTableIsTheSameMap() {
        service(WEB, 1, 2, 3);
        service(tcp(2), 1);
        service(new ServiceKey.FwmarkKey(AddressFamily.INET6, 7));
        var first = client.read().services();
        assertEquals(3, first.size());
        assertSame(first, client.read().services());
    }

    @Test
    void countersOfOneDestinationLeaveTheRestAlone() {
        Entry web = service(WEB, 1, 2, 3, 4, 5);
        service(tcp(2), 1);
        var before = client.read().services();
        DestinationState busy = new DestinationState(idle(3).config(), 5, 0, 0, IpvsStats.ZERO);
        web.destinations.set(2, busy);
        var after = client.read().services();
        ServiceState was = Objects.requireNonNull(before.get(WEB));
        ServiceState is = Objects.requireNonNull(after.get(WEB));
        assertEquals(busy, of(is, 3));
        assertSame(of(was, 3).config(), of(is, 3).config(), "the configuration of the destination is unchanged");
        assertSame(of(was, 2), of(is, 2));
        assertSame(was.config(), is.config());
        assertSame(before.get(tcp(2)), after.get(tcp(2)));
    }

    @Test
    void aNewConfigurationKeepsTheKeyOfTheDestination() {
        Entry web = service(WEB, 1, 2);
        DestinationState was = of(read(WEB), 1);
        web.destinations.set(0, DestinationState.idle(idle(1).config().withWeight(9)));
        DestinationState is = of(read(WEB), 1);
        assertEquals(9, is.config().weight());
        assertSame(was.config().key(), is.config().key());
        assertSame(was.stats(), is.stats());
    }

    private static Arguments change(String what, UnaryOperator<DestinationState> change) {
        return Arguments.of(what, change);
    }

    private static DestinationState with(DestinationState s, IpvsDestination config) {
        return s.withConfig(config);
    }

    private static IpvsStats counters(int which) {
        long[] v = new long[10];
        v[which] = 1L << 40;
        return new IpvsStats(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9]);
    }

    static List<Arguments> destinationChanges() {
        List<Arguments> all = new ArrayList<>(List.of(
                change("weight", s -> with(s, s.config().withWeight(2))),
                change("upper", s -> with(s, edited(s.config(), ForwardingMethod.TUNNEL, 7, 0, Tunnel.NONE))),
                change("lower", s -> with(s, edited(s.config(), ForwardingMethod.TUNNEL, 0, 7, Tunnel.NONE))),
                change("method", s -> with(s, edited(s.config(), ForwardingMethod.DROUTE, 0, 0, Tunnel.NONE))),
                change("unknown method", s -> with(s, edited(s.config(), new ForwardingMethod(5), 0, 0, Tunnel.NONE))),
                change("type", s -> with(s, tunnel(s, new Tunnel(Tunnel.GRE, 0, 0)))),
                change("port of the tunnel", s -> with(s, tunnel(s, new Tunnel(Tunnel.IPIP, 9, 0)))),
                change("flags of the tunnel", s -> with(s, tunnel(s, new Tunnel(Tunnel.IPIP, 0, 1)))),
                change("active", s -> new DestinationState(s.config(), 1, 0, 0, s.stats())),
                change("inactive", s -> new DestinationState(s.config(), 0, 1, 0, s.stats())),
                change("persistent", s -> new DestinationState(s.config(), 0, 0, 1, s.stats()))));
        for (int i = 0; i < 10; i++) {
            IpvsStats stats = counters(i);
            all.add(change("counter " + i, s -> new DestinationState(s.config(), 0, 0, 0, stats)));
        }
        return all;
    }

    private static IpvsDestination tunnel(DestinationState s, Tunnel tunnel) {
        return edited(s.config(), ForwardingMethod.TUNNEL, 0, 0, tunnel);
    }

    private static IpvsDestination edited(
            IpvsDestination d, ForwardingMethod method, long upper, long lower, Tunnel tunnel) {
        return new IpvsDestination(d.key(), method, d.weight(), upper, lower, tunnel);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("destinationChanges")
    void eachFieldOfADestinationIsSeen(String what, UnaryOperator<DestinationState> change) {
        Entry web = service(WEB);
        DestinationState plain =
                DestinationState.idle(edited(idle(1).config(), ForwardingMethod.TUNNEL, 0, 0, Tunnel.NONE));
        web.destinations.add(plain);
        assertEquals(plain, of(read(WEB), 1));
        web.destinations.set(0, change.apply(plain));
        assertEquals(change.apply(plain), of(read(WEB), 1), what);
        web.destinations.set(0, plain);
        assertEquals(plain, of(read(WEB), 1), what + " and back");
    }

    static List<IpvsService> services() {
        return List.of(
                new IpvsService(WEB, "rr", IpvsService.PERSISTENT, 60, 0xffff_ffffL, ""),
                new IpvsService(WEB, "wrr", IpvsService.PERSISTENT | IpvsService.ONE_PACKET, 60, 0xffff_ffffL, ""),
                new IpvsService(WEB, "wrr", IpvsService.PERSISTENT, 61, 0xffff_ffffL, ""),
                new IpvsService(WEB, "wrr", IpvsService.PERSISTENT, 60, 0xffff_ff00L, ""),
                new IpvsService(WEB, "wrr", IpvsService.PERSISTENT, 60, 0xffff_ffffL, "sip"),
                IpvsService.of(WEB, "wrr"));
    }

    @ParameterizedTest
    @MethodSource("services")
    void eachFieldOfAServiceIsSeen(IpvsService changed) {
        IpvsService plain = new IpvsService(WEB, "wrr", IpvsService.PERSISTENT, 60, 0xffff_ffffL, "");
        Entry web = service(WEB, 1);
        web.config = plain;
        assertEquals(plain, read(WEB).config());
        web.config = changed;
        assertEquals(changed, read(WEB).config());
        web.config = plain;
        assertEquals(plain, read(WEB).config());
    }

    @Test
    void countersOfAServiceAreSeen() {
        Entry web = service(WEB, 1);
        ServiceState was = read(WEB);
        web.stats = counters(3);
        ServiceState is = read(WEB);
        assertEquals(counters(3), is.stats());
        assertSame(was.config(), is.config());
        assertSame(was.destinations(), is.destinations());
    }

    @Test
    void aDestinationThatIsRemovedAddedOrMovedIsSeen() {
        Entry web = service(WEB, 1, 2, 3, 4, 5, 6);
        ServiceState first = read(WEB);
        web.destinations.remove(2);
        ServiceState second = read(WEB);
        assertEquals(5, second.destinations().size());
        assertSame(of(first, 6), of(second, 6));
        web.destinations.add(0, idle(9));
        ServiceState third = read(WEB);
        assertEquals(6, third.destinations().size());
        assertNotNull(of(third, 9));
        assertSame(of(first, 6), of(third, 6));
        Collections.reverse(web.destinations);
        assertSame(third, read(WEB), "a different order does not change the table");
        assertSame(third, read(WEB));
    }

    @Test
    void aDestinationThatADumpRepeatsCountsOnce() {
        Entry web = service(WEB, 1, 2);
        assertEquals(2, read(WEB).destinations().size());
        web.destinations.set(1, idle(1));
        assertEquals(List.of(dest(1)), List.copyOf(read(WEB).destinations().keySet()));
        web.destinations.set(1, idle(2));
        assertEquals(
                List.of(dest(1), dest(2)), List.copyOf(read(WEB).destinations().keySet()));
    }

    @Test
    void aPartialReadingReadsNothingElseAndIsKnownToTheNextOne() {
        Entry web = service(WEB, 1, 2);
        service(tcp(2), 1, 2);
        var first = client.read().services();
        kernel.requests.clear();
        web.destinations.remove(0);
        var some = client.read(List.of(WEB, tcp(9)));
        assertEquals(List.of(WEB), List.copyOf(some.keySet()));
        assertEquals(Map.of(IpvsUapi.IPVS_CMD_GET_SERVICE, 2, IpvsUapi.IPVS_CMD_GET_DEST, 1), kernel.requests);
        var all = client.read().services();
        assertSame(some.get(WEB), all.get(WEB));
        assertSame(first.get(tcp(2)), all.get(tcp(2)));
        kernel.services.remove(web);
        assertEquals(Map.of(), client.read(List.of(WEB)));
        kernel.services.addFirst(web);
        assertEquals(all, client.read().services());
    }

    @Test
    void theListHasTheKeysInTheOrderOfTheKernel() {
        service(tcp(2), 1);
        service(WEB, 1);
        assertEquals(List.of(tcp(2), WEB), client.list());
        assertEquals("1.2.1", client.globals().info().version());
    }

    /** Random tables and changes; the seed is in every message. */
    @Test
    void aReadingEqualsThatOfAFreshReaderWhateverChanged() {
        long seed = Long.getLong("seed", System.nanoTime());
        for (int life = 0; life < 300; life++) {
            Random random = new Random(seed + life);
            String context = "-Dseed=" + (seed + life);
            ScriptedKernel table = new ScriptedKernel();
            IpvsClient incremental = table.client();
            for (int step = 0; step < 20; step++) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    change(table, random);
                }
                Map<ServiceKey, ServiceState> fresh = table.client().read().services();
                if (random.nextInt(3) == 0) {
                    List<ServiceKey> some = new ArrayList<>();
                    for (int i = 0; i < 6; i++) {
                        if (random.nextBoolean()) {
                            some.add(tcp(i));
                        }
                    }
                    Map<ServiceKey, ServiceState> expected = new TreeMap<>(fresh);
                    expected.keySet().retainAll(some);
                    assertEquals(expected, incremental.read(some), context);
                } else {
                    assertEquals(fresh, incremental.read().services(), context);
                }
            }
            var last = incremental.read().services();
            assertEquals(table.client().read().services(), last, context);
            assertSame(last, incremental.read().services(), context);
        }
    }

    private static void change(ScriptedKernel table, Random random) {
        ServiceKey key = tcp(random.nextInt(6));
        Entry entry = table.services.stream()
                .filter(s -> s.config.key().equals(key))
                .findFirst()
                .orElse(null);
        if (entry == null) {
            Entry added = new Entry(IpvsService.of(key, "rr"));
            table.services.add(random.nextInt(table.services.size() + 1), added);
            for (int i = 0; i < random.nextInt(12); i++) {
                added.destinations.add(idle(i));
            }
            return;
        }
        int last = random.nextInt(12);
        int at = random.nextInt(entry.destinations.size() + 1);
        switch (random.nextInt(8)) {
            case 0 -> table.services.remove(entry);
            case 1 -> entry.config = IpvsService.of(key, random.nextBoolean() ? "rr" : "wlc");
            case 2 -> entry.stats = counters(random.nextInt(10));
            case 3 -> Collections.shuffle(entry.destinations, random);
            case 4 -> entry.destinations.removeIf(d -> d.config().key().equals(dest(last)));
            case 5 -> {
                entry.destinations.removeIf(d -> d.config().key().equals(dest(last)));
                entry.destinations.add(Math.min(at, entry.destinations.size()), idle(last));
            }
            case 6 ->
                entry.destinations.replaceAll(d -> new DestinationState(
                        d.config(), random.nextInt(3), 0, 0, random.nextBoolean() ? d.stats() : counters(1)));
            default ->
                entry.destinations.replaceAll(d -> d.config().key().equals(dest(last))
                        ? d.withConfig(d.config().withWeight(random.nextInt(5)))
                        : d);
        }
    }
}
