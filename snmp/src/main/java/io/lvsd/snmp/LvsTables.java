package io.lvsd.snmp;

import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.model.SyncDaemon;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Variable;

/** Converts a view to the instances of LVS-MIB, in the order of a walk. Pure. */
public final class LvsTables {
    /** {@code lvs}, 1.3.6.1.4.1.8225.4711. */
    public static final OID BASE = new OID("1.3.6.1.4.1.8225.4711");

    private static final int SERVICE_TABLE = 17;
    private static final int REAL_TABLE = 18;
    private static final int FWMARK = -1;
    private static final long MAX_16 = 65_535;
    private static final long MAX_32 = 0xffff_ffffL;
    private static final byte[] NO_ADDRESS = new byte[4];

    private final NavigableMap<OID, Variable> instances = new TreeMap<>();

    private LvsTables() {}

    /** Every instance of the MIB, sorted. */
    public static NavigableMap<OID, Variable> of(LvsView view) {
        LvsTables tables = new LvsTables();
        tables.scalars(view.table());
        view.table().services().forEach((key, service) -> {
            Integer row = view.serviceRows().get(key);
            if (row != null) {
                tables.service(row, service);
                tables.destinations(row, service, view.rowsOf(key));
            }
        });
        return Collections.unmodifiableNavigableMap(tables.instances);
    }

    private void scalars(IpvsSnapshot table) {
        List<SyncDaemon> daemons = table.daemons();
        boolean master = daemons.stream().anyMatch(d -> d.role() == SyncDaemon.Role.MASTER);
        String multicast = daemons.isEmpty() ? "" : daemons.getFirst().multicastInterface();
        List<Variable> values = List.of(
                new OctetString(table.info().version()),
                integer(table.services().size()),
                integer(table.info().connectionTableSize()),
                integer(table.timeouts().tcp()),
                integer(table.timeouts().tcpFin()),
                integer(table.timeouts().udp()),
                integer(master ? 1 : daemons.isEmpty() ? 0 : 2),
                new OctetString(multicast));
        for (int i = 0; i < values.size(); i++) {
            put(values.get(i), i + 1, 0);
        }
    }

    private void service(int row, ServiceState service) {
        IpvsService config = service.config();
        boolean persistentV4 = config.persistent() && config.key().family() == AddressFamily.INET;
        List<Variable> columns = new java.util.ArrayList<>();
        columns.add(integer(row));
        columns.add(new OctetString(config.scheduler()));
        switch (config.key()) {
            case ServiceKey.AddressKey(var protocol, var address, int port) -> {
                columns.add(integer(protocol.number()));
                columns.add(address(address));
                columns.add(integer(port));
                columns.add(integer(0));
            }
            case ServiceKey.FwmarkKey(var _, long mark) -> {
                columns.add(integer(FWMARK));
                columns.add(new IpAddress(NO_ADDRESS));
                columns.add(integer(FWMARK));
                columns.add(integer(mark));
            }
        }
        columns.add(integer(config.persistenceTimeout()));
        columns.add(mask(persistentV4 ? config.netmask() : MAX_32));
        columns.add(integer(service.destinations().size()));
        columns.addAll(statistics(service.stats()));
        for (int i = 0; i < columns.size(); i++) {
            put(columns.get(i), SERVICE_TABLE, 1, i + 1, row);
        }
    }

    private void destinations(int serviceRow, ServiceState service, Map<DestinationKey, Integer> rows) {
        for (DestinationState state : service.destinations().values()) {
            Integer row = rows.get(state.config().key());
            if (row != null) {
                IpvsDestination config = state.config();
                List<Variable> columns = new java.util.ArrayList<>(List.of(
                        integer(serviceRow),
                        integer(row),
                        address(config.key().address()),
                        integer(config.key().port()),
                        integer(config.method().number()),
                        integer(Math.min(config.weight(), MAX_16))));
                columns.addAll(statistics(state.stats()));
                for (int i = 0; i < columns.size(); i++) {
                    put(columns.get(i), REAL_TABLE, 1, i + 1, serviceRow, row);
                }
            }
        }
    }

    /** Conns, InPkts, OutPkts wrap at 32 bits; rates are limited to 32 bits. */
    private static List<Variable> statistics(IpvsStats stats) {
        return List.of(
                new Counter32(stats.connections() & MAX_32),
                new Counter32(stats.inPackets() & MAX_32),
                new Counter32(stats.outPackets() & MAX_32),
                new Counter64(stats.inBytes()),
                new Counter64(stats.outBytes()),
                gauge(stats.connectionRate()),
                gauge(stats.inPacketRate()),
                gauge(stats.outPacketRate()),
                gauge(stats.inByteRate()),
                gauge(stats.outByteRate()));
    }

    private static Variable gauge(long value) {
        return new Gauge32(Long.compareUnsigned(value, MAX_32) > 0 ? MAX_32 : value);
    }

    /** The low 32 bits: INTEGER cannot represent a firewall mark above 2^31. */
    private static Variable integer(long value) {
        return new Integer32((int) value);
    }

    /** Always four bytes: an IPv6 address shows 0.0.0.0 here. */
    private static Variable address(InetAddress address) {
        return new IpAddress(address instanceof Inet4Address ? address.getAddress() : NO_ADDRESS);
    }

    private static Variable mask(long mask) {
        return new IpAddress(new byte[] {(byte) (mask >>> 24), (byte) (mask >>> 16), (byte) (mask >>> 8), (byte) mask});
    }

    private void put(Variable value, int... suffix) {
        OID oid = new OID(BASE);
        for (int part : suffix) {
            oid.append(part);
        }
        instances.put(oid, value);
    }
}
