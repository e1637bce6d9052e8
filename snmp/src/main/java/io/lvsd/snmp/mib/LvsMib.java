package io.lvsd.snmp.mib;

import static io.lvsd.snmp.mib.Values.MAX_16;
import static io.lvsd.snmp.mib.Values.MAX_32;
import static io.lvsd.snmp.mib.Values.counter;
import static io.lvsd.snmp.mib.Values.counter64;
import static io.lvsd.snmp.mib.Values.gauge;
import static io.lvsd.snmp.mib.Values.integer;
import static io.lvsd.snmp.mib.Values.ipv4;
import static io.lvsd.snmp.mib.Values.mask;
import static io.lvsd.snmp.mib.Values.text;

import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.model.SyncDaemon;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;

/** LVS-MIB: the IPVS table. Rows have the numbers of the view, not positions in a reading. Pure. */
public final class LvsMib {
    /** {@code lvs}, 1.3.6.1.4.1.8225.4711. */
    public static final OID BASE = new OID("1.3.6.1.4.1.8225.4711");

    private static final int FWMARK = -1;

    /** A service and its number. */
    private record Service(int number, ServiceState state) {
        Optional<InetAddress> address() {
            return state.config().key() instanceof ServiceKey.AddressKey(var _, var address, var _)
                    ? Optional.of(address)
                    : Optional.empty();
        }
    }

    /** A destination and the numbers of its service and of itself. */
    private record Real(int service, int number, DestinationState state) {}

    private static final List<Column<Service>> SERVICE_COLUMNS = new ArrayList<>(List.of(
            Column.of(1, r -> integer(r.number())),
            Column.of(2, r -> text(r.state().config().scheduler())),
            Column.of(3, r -> integer(protocol(r.state().config().key()))),
            Column.of(4, r -> r.address().map(Values::ipv4).orElse(mask(0))),
            Column.of(5, r -> integer(port(r.state().config().key()))),
            Column.of(6, r -> integer(mark(r.state().config().key()))),
            Column.of(7, r -> integer(r.state().config().persistenceTimeout())),
            Column.of(8, r -> mask(netmask(r.state().config()))),
            Column.of(9, r -> integer(r.state().destinations().size()))));

    private static final List<Column<Real>> REAL_COLUMNS = new ArrayList<>(List.of(
            Column.of(1, r -> integer(r.service())),
            Column.of(2, r -> integer(r.number())),
            Column.of(3, r -> ipv4(r.state().config().key().address())),
            Column.of(4, r -> integer(r.state().config().key().port())),
            Column.of(5, r -> integer(r.state().config().method().number())),
            Column.of(6, r -> integer(Math.min(r.state().config().weight(), MAX_16)))));

    static {
        SERVICE_COLUMNS.addAll(statistics(10, r -> r.state().stats()));
        REAL_COLUMNS.addAll(statistics(7, r -> r.state().stats()));
    }

    private LvsMib() {}

    /** Conns, InPkts, OutPkts wrap at 32 bits; rates are limited to 32 bits. */
    private static <R> List<Column<R>> statistics(int first, Function<R, IpvsStats> stats) {
        return List.of(
                Column.of(first, r -> counter(stats.apply(r).connections())),
                Column.of(first + 1, r -> counter(stats.apply(r).inPackets())),
                Column.of(first + 2, r -> counter(stats.apply(r).outPackets())),
                Column.wide(first + 3, r -> counter64(stats.apply(r).inBytes())),
                Column.wide(first + 4, r -> counter64(stats.apply(r).outBytes())),
                Column.of(first + 5, r -> gauge(stats.apply(r).connectionRate())),
                Column.of(first + 6, r -> gauge(stats.apply(r).inPacketRate())),
                Column.of(first + 7, r -> gauge(stats.apply(r).outPacketRate())),
                Column.of(first + 8, r -> gauge(stats.apply(r).inByteRate())),
                Column.of(first + 9, r -> gauge(stats.apply(r).outByteRate())));
    }

    private static int protocol(ServiceKey key) {
        return switch (key) {
            case ServiceKey.AddressKey(var protocol, var _, var _) -> protocol.number();
            case ServiceKey.FwmarkKey _ -> FWMARK;
        };
    }

    private static int port(ServiceKey key) {
        return switch (key) {
            case ServiceKey.AddressKey(var _, var _, int port) -> port;
            case ServiceKey.FwmarkKey _ -> FWMARK;
        };
    }

    private static long mark(ServiceKey key) {
        return switch (key) {
            case ServiceKey.AddressKey _ -> 0;
            case ServiceKey.FwmarkKey(var _, long mark) -> mark;
        };
    }

    private static long netmask(IpvsService config) {
        return config.persistent() && config.key().family() == AddressFamily.INET ? config.netmask() : MAX_32;
    }

    /** Every node of the MIB. */
    static List<Node> nodes(SnmpView view) {
        IpvsSnapshot table = view.table();
        List<SyncDaemon> daemons = table.daemons();
        boolean master = daemons.stream().anyMatch(d -> d.role() == SyncDaemon.Role.MASTER);
        List<Node> nodes = new ArrayList<>(List.of(
                scalar(1, text(table.info().version())),
                scalar(2, integer(table.services().size())),
                scalar(3, integer(table.info().connectionTableSize())),
                scalar(4, integer(table.timeouts().tcp())),
                scalar(5, integer(table.timeouts().tcpFin())),
                scalar(6, integer(table.timeouts().udp())),
                scalar(7, integer(master ? 1 : daemons.isEmpty() ? 0 : 2)),
                scalar(8, text(daemons.isEmpty() ? "" : daemons.getFirst().multicastInterface()))));
        Rows.Builder<Service> services = new Rows.Builder<>(1);
        Rows.Builder<Real> reals = new Rows.Builder<>(2);
        table.services().forEach((key, state) -> {
            Integer number = view.serviceRows().get(key);
            if (number != null) {
                services.add(number, new Service(number, state));
                add(reals, number, state, view.rowsOf(key));
            }
        });
        nodes.add(new Table<>(entry(17), SERVICE_COLUMNS, services.build()));
        nodes.add(new Table<>(entry(18), REAL_COLUMNS, reals.build()));
        return nodes;
    }

    private static void add(
            Rows.Builder<Real> reals, int service, ServiceState state, Map<DestinationKey, Integer> rows) {
        for (DestinationState destination : state.destinations().values()) {
            Integer number = rows.get(destination.config().key());
            if (number != null) {
                reals.add(service, number, new Real(service, number, destination));
            }
        }
    }

    private static Node scalar(int number, Variable value) {
        return Scalar.of(new OID(BASE.getValue(), number), value);
    }

    private static OID entry(int table) {
        return new OID(new OID(BASE.getValue(), table).getValue(), 1);
    }
}
