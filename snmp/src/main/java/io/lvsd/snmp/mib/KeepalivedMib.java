package io.lvsd.snmp.mib;

import static io.lvsd.snmp.mib.Values.integer;
import static io.lvsd.snmp.mib.Values.text;
import static io.lvsd.snmp.mib.Values.truth;
import static io.lvsd.snmp.mib.Values.unsigned;

import io.lvsd.conf.model.GroupConfig;
import io.lvsd.conf.model.GroupConfig.Member;
import io.lvsd.conf.value.SyncDaemonConfig;
import io.lvsd.snmp.mib.ServerViews.RealServer;
import io.lvsd.snmp.mib.ServerViews.VirtualServer;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;

/** KEEPALIVED-MIB, the part of the checkers: configuration, states and counters of servers. Pure. */
public final class KeepalivedMib {
    /** {@code keepalived}, 1.3.6.1.4.1.9586.100.5. */
    public static final OID BASE = new OID("1.3.6.1.4.1.9586.100.5");
    /** Version and name of this director. */
    public static final OID GLOBAL = below(BASE, 1);
    /** Virtual and real servers. */
    public static final OID CHECK = below(BASE, 3);

    static final OID ROUTER_ID = below(GLOBAL, 2);
    static final OID VIRTUAL_SERVER = below(CHECK, 3, 1);
    static final OID REAL_SERVER = below(CHECK, 4, 1);
    static final OID NOTIFICATIONS = below(CHECK, 5, 0);

    /** A line of a group. */
    private record Line(Member member) {
        InetAddress first() {
            return addresses().first();
        }

        Member.Addresses addresses() {
            return (Member.Addresses) member;
        }

        boolean isMark() {
            return member instanceof Member.Fwmark;
        }

        boolean hasAddress() {
            return !isMark();
        }

        boolean isRange() {
            return member instanceof Member.Addresses(var first, var last, var _) && !first.equals(last);
        }

        /** fwmark(1), ip(2), iprange(3). */
        int type() {
            return isMark() ? 1 : isRange() ? 3 : 2;
        }
    }

    private static final Predicate<Line> RANGE = Line::isRange;
    private static final Predicate<Line> HAS_ADDRESS = Line::hasAddress;
    private static final List<Column<Line>> MEMBER_COLUMNS = List.of(
            Column.of(2, line -> integer(line.type())),
            Column.<Line>of(3, line -> unsigned(((Member.Fwmark) line.member()).mark()))
                    .where(Line::isMark),
            Column.<Line>of(4, line -> Values.addressType(line.first())).where(HAS_ADDRESS),
            Column.<Line>of(5, line -> Values.address(line.first())).where(line -> line.type() == 2),
            Column.<Line>of(6, line -> Values.address(line.first())).where(RANGE),
            Column.<Line>of(7, line -> Values.address(line.addresses().last())).where(RANGE),
            Column.<Line>of(8, line -> unsigned(line.addresses().port())).where(HAS_ADDRESS));

    private KeepalivedMib() {}

    /** An identifier below another. */
    static OID below(OID base, int... parts) {
        OID oid = new OID(base);
        for (int part : parts) {
            oid.append(part);
        }
        return oid;
    }

    /**
     * Every node of the MIB.
     *
     * @param servers called when a request needs them; returns the same object each time
     */
    static List<Node> nodes(Supplier<ServerViews> servers) {
        List<Node> nodes = new ArrayList<>(List.of(
                new Scalar(below(GLOBAL, 1), () -> text(servers.get().version())),
                new Scalar(ROUTER_ID, () -> text(servers.get().routerId())),
                lazy(below(CHECK, 1, 1), () -> groups(servers.get().groups())),
                lazy(below(CHECK, 2, 1), () -> members(servers.get().groups())),
                lazy(VIRTUAL_SERVER, () -> virtualServers(servers.get().virtualServers())),
                lazy(REAL_SERVER, () -> realServers(servers.get().virtualServers()))));
        nodes.addAll(syncDaemon(servers));
        nodes.addAll(timeouts(servers));
        return nodes;
    }

    private static LazyTable lazy(OID entry, Supplier<Table<?>> maker) {
        return new LazyTable(entry, maker);
    }

    private static Table<GroupConfig> groups(List<GroupConfig> groups) {
        Rows.Builder<GroupConfig> rows = new Rows.Builder<>(1);
        for (int i = 0; i < groups.size(); i++) {
            rows.add(i + 1, groups.get(i));
        }
        return new Table<>(below(CHECK, 1, 1), List.of(Column.of(2, g -> text(g.name()))), rows.build());
    }

    private static Table<Line> members(List<GroupConfig> groups) {
        Rows.Builder<Line> rows = new Rows.Builder<>(2);
        for (int i = 0; i < groups.size(); i++) {
            List<Member> members = groups.get(i).members();
            for (int k = 0; k < members.size(); k++) {
                rows.add(i + 1, k + 1, new Line(members.get(k)));
            }
        }
        return new Table<>(below(CHECK, 2, 1), MEMBER_COLUMNS, rows.build());
    }

    private static Table<VirtualServer> virtualServers(List<VirtualServer> servers) {
        Rows.Builder<VirtualServer> rows = new Rows.Builder<>(1);
        servers.forEach(server -> rows.add(server.number(), server));
        return new Table<>(VIRTUAL_SERVER, VirtualServerColumns.ALL, rows.build());
    }

    private static Table<RealServerColumns.Row> realServers(List<VirtualServer> servers) {
        Rows.Builder<RealServerColumns.Row> rows = new Rows.Builder<>(2);
        for (VirtualServer server : servers) {
            for (RealServer real : server.realServers()) {
                rows.add(server.number(), real.number(), new RealServerColumns.Row(server, real));
            }
        }
        return new Table<>(REAL_SERVER, RealServerColumns.ALL, rows.build(), KeepalivedMib::weight);
    }

    private static Optional<Node.Weight> weight(RealServerColumns.Row row) {
        return row.isRegular()
                ? Optional.of(new Node.Weight(row.virtual().config().id(), row.id()))
                : Optional.empty();
    }

    private static List<Node> syncDaemon(Supplier<ServerViews> servers) {
        Supplier<Optional<SyncDaemonConfig>> daemon =
                () -> servers.get().kernel().syncDaemon();
        OID base = below(CHECK, 6);
        return List.of(
                new Scalar(below(base, 1), () -> truth(daemon.get().isPresent())),
                optional(below(base, 2), daemon, d -> text(d.networkInterface())),
                optional(below(base, 4), daemon, d -> integer(d.id())),
                optional(below(base, 5), written(daemon, d -> d.maxLength() > 0), d -> integer(d.maxLength())),
                optional(below(base, 6), written(daemon, d -> d.port() > 0), d -> integer(d.port())),
                optional(below(base, 7), written(daemon, d -> d.ttl() > 0), d -> integer(d.ttl())),
                optional(below(base, 8), multicast(daemon), Values::addressType),
                optional(below(base, 9), multicast(daemon), Values::address));
    }

    private static Supplier<Optional<SyncDaemonConfig>> written(
            Supplier<Optional<SyncDaemonConfig>> daemon, Predicate<SyncDaemonConfig> isWritten) {
        return () -> daemon.get().filter(isWritten);
    }

    private static Supplier<Optional<InetAddress>> multicast(Supplier<Optional<SyncDaemonConfig>> daemon) {
        return () -> daemon.get().flatMap(SyncDaemonConfig::group);
    }

    private static List<Node> timeouts(Supplier<ServerViews> servers) {
        OID base = below(CHECK, 7);
        return List.of(
                timeout(below(base, 1), servers, t -> t.tcp()),
                timeout(below(base, 2), servers, t -> t.tcpFin()),
                timeout(below(base, 3), servers, t -> t.udp()));
    }

    /** A timeout of the configuration; 0 keeps the kernel's value and is not shown. */
    private static Node timeout(
            OID oid,
            Supplier<ServerViews> servers,
            java.util.function.ToLongFunction<io.lvsd.conf.value.Timeouts> value) {
        Supplier<Optional<Long>> seconds =
                () -> servers.get().kernel().timeouts().map(value::applyAsLong).filter(s -> s > 0);
        return optional(oid, seconds, Values::integer);
    }

    private static <T> Node optional(OID oid, Supplier<Optional<T>> source, Function<T, Variable> value) {
        return new OptionalScalar(oid, () -> source.get().map(value));
    }
}
