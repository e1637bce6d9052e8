package io.lvsd.snmp.mib;

import static io.lvsd.snmp.mib.ServerColumns.micros;
import static io.lvsd.snmp.mib.ServerColumns.seconds;
import static io.lvsd.snmp.mib.Values.gauge;
import static io.lvsd.snmp.mib.Values.integer;
import static io.lvsd.snmp.mib.Values.text;
import static io.lvsd.snmp.mib.Values.truth;
import static io.lvsd.snmp.mib.Values.unsigned;

import io.lvsd.conf.model.Persistence;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.IpFamily;
import io.lvsd.conf.value.Program;
import io.lvsd.conf.value.TransportProtocol;
import io.lvsd.snmp.mib.ServerViews.VirtualServer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Variable;

/** The columns of {@code virtualServerTable}, 1.3.6.1.4.1.9586.100.5.3.3. */
final class VirtualServerColumns {
    private static final String GROUP = "group:";
    /** Bits of flag-1, flag-2, flag-3. */
    private static final long FLAG_1 = 0x08;

    private static final long FLAG_2 = 0x10;
    private static final long FLAG_3 = 0x20;
    private static final int UNKNOWN_SCHEDULER = 99;
    private static final int NO_PROTOCOL = 4;
    private static final Map<String, Integer> SCHEDULERS = Map.ofEntries(
            Map.entry("rr", 1),
            Map.entry("wrr", 2),
            Map.entry("lc", 3),
            Map.entry("wlc", 4),
            Map.entry("lblc", 5),
            Map.entry("lblcr", 6),
            Map.entry("dh", 7),
            Map.entry("sh", 8),
            Map.entry("sed", 9),
            Map.entry("nq", 10),
            Map.entry("fo", 11),
            Map.entry("ovf", 12),
            Map.entry("mh", 13),
            Map.entry("twos", 14));

    static final List<Column<VirtualServer>> ALL = all();

    private VirtualServerColumns() {}

    private static List<Column<VirtualServer>> all() {
        List<Column<VirtualServer>> columns = new ArrayList<>();
        columns.addAll(identity());
        columns.addAll(state());
        columns.addAll(settings());
        columns.addAll(timing());
        columns.add(Column.of(27, v -> gauge(v.stats().connections())));
        columns.addAll(ServerColumns.counters(28, 32, VirtualServer::stats));
        columns.addAll(ServerColumns.counters64(38, VirtualServer::stats));
        columns.addAll(ServerColumns.halves(41, VirtualServer::stats));
        columns.addAll(ServerColumns.rates64(74, VirtualServer::stats));
        columns.sort(Comparator.comparingInt(Column::number));
        return List.copyOf(columns);
    }

    private static Predicate<VirtualServer> is(Type type) {
        return v -> Type.of(v.config()) == type;
    }

    /** What clients reach, with its number in the MIB. */
    enum Type {
        FWMARK(1),
        IP(2),
        GROUP(3);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        static Type of(VirtualServerConfig config) {
            if (config.id().text().startsWith(VirtualServerColumns.GROUP)) {
                return GROUP;
            }
            return config.targets().getFirst() instanceof Target.Fwmark ? FWMARK : IP;
        }

        int number() {
            return number;
        }
    }

    private static List<Column<VirtualServer>> identity() {
        Predicate<VirtualServer> ip = is(Type.IP);
        return List.of(
                Column.of(2, v -> integer(Type.of(v.config()).number())),
                Column.<VirtualServer>of(3, v -> text(group(v.config()))).where(is(Type.GROUP)),
                Column.<VirtualServer>of(4, v -> unsigned(mark(v.config()))).where(is(Type.FWMARK)),
                Column.<VirtualServer>of(
                                5, v -> Values.addressType(address(v.config()).address()))
                        .where(ip),
                Column.<VirtualServer>of(
                                6, v -> Values.address(address(v.config()).address()))
                        .where(ip),
                Column.<VirtualServer>of(7, v -> unsigned(address(v.config()).port()))
                        .where(ip),
                Column.of(8, v -> protocol(v.config())),
                Column.<VirtualServer>of(71, v -> text(v.config().name().orElse("")))
                        .where(v -> v.config().name().isPresent()));
    }

    private static List<Column<VirtualServer>> state() {
        return List.of(
                Column.of(11, v -> integer(v.present() ? 1 : 2)),
                Column.of(20, v -> unsigned(v.total())),
                Column.of(21, v -> unsigned(v.up())),
                Column.of(22, v -> unsigned(v.config().quorum())),
                Column.of(23, v -> integer(v.quorumUp() ? 1 : 2)),
                Column.of(26, v -> unsigned(v.config().hysteresis())));
    }

    private static List<Column<VirtualServer>> settings() {
        Predicate<VirtualServer> up = v -> v.config().notices().up().isPresent();
        Predicate<VirtualServer> down = v -> v.config().notices().down().isPresent();
        Predicate<VirtualServer> persistent = v -> v.config().persistence().isPresent();
        Predicate<VirtualServer> scheduledByHash = v -> scheduler(v).equals("sh");
        Predicate<VirtualServer> scheduledByMaglev = v -> scheduler(v).equals("mh");
        Predicate<VirtualServer> flagged =
                v -> !scheduler(v).equals("sh") && !scheduler(v).equals("mh");
        return List.of(
                Column.of(9, v -> integer(SCHEDULERS.getOrDefault(scheduler(v), UNKNOWN_SCHEDULER))),
                Column.of(10, v -> ServerColumns.method(forwarding(v))),
                Column.<VirtualServer>of(
                                12,
                                v -> text(
                                        v.config().checkDefaults().virtualHost().orElse("")))
                        .where(v -> v.config().checkDefaults().virtualHost().isPresent()),
                Column.of(13, v -> truth(v.config().persistence().isPresent())),
                Column.<VirtualServer>of(14, v -> unsigned(persistence(v).timeoutSeconds()))
                        .where(persistent),
                Column.<VirtualServer>of(15, v -> mask(persistence(v).granularity()))
                        .where(v -> persistent.test(v) && v.config().family() == IpFamily.INET),
                Column.<VirtualServer>of(51, v -> unsigned(persistence(v).granularity()))
                        .where(v -> persistent.test(v) && v.config().family() == IpFamily.INET6),
                Column.of(17, v -> truth(v.config().haSuspend())),
                Column.of(18, v -> truth(v.config().checkDefaults().alpha())),
                Column.of(19, v -> truth(v.config().omega())),
                script(24, up, v -> v.config().notices().up(), ServerColumns::command),
                script(25, down, v -> v.config().notices().down(), ServerColumns::command),
                script(72, up, v -> v.config().notices().up(), ServerColumns::path),
                script(73, down, v -> v.config().notices().down(), ServerColumns::path),
                Column.of(37, v -> truth(v.config().onePacket())),
                Column.<VirtualServer>of(52, v -> flag(v, FLAG_1)).where(flagged),
                Column.<VirtualServer>of(53, v -> flag(v, FLAG_1)).where(scheduledByHash),
                Column.<VirtualServer>of(54, v -> flag(v, FLAG_2)).where(scheduledByHash),
                Column.<VirtualServer>of(55, v -> flag(v, FLAG_3)).where(flagged),
                Column.of(56, v -> integer(v.config().inhibitOnFailure() ? 2 : 1)),
                Column.of(60, v -> integer(v.config().weight())),
                Column.of(61, v -> truth(v.config().notices().mail())),
                Column.<VirtualServer>of(62, v -> flag(v, FLAG_1)).where(scheduledByMaglev),
                Column.<VirtualServer>of(63, v -> flag(v, FLAG_2)).where(scheduledByMaglev),
                Column.<VirtualServer>of(68, v -> ServerColumns.tunnelType(forwarding(v)))
                        .where(v -> ServerColumns.isTunnel(forwarding(v))),
                Column.<VirtualServer>of(69, v -> unsigned(forwarding(v).port()))
                        .where(v -> ServerColumns.hasTunnelPort(forwarding(v))),
                Column.<VirtualServer>of(70, v -> ServerColumns.tunnelChecksum(forwarding(v)))
                        .where(v -> ServerColumns.hasTunnelChecksum(forwarding(v))));
    }

    private static Column<VirtualServer> script(
            int number,
            Predicate<VirtualServer> present,
            Function<VirtualServer, Optional<Program>> script,
            Function<Program, Variable> value) {
        return Column.<VirtualServer>of(number, v -> script.apply(v).map(value).orElse(new OctetString()))
                .where(present);
    }

    private static List<Column<VirtualServer>> timing() {
        return List.of(
                Column.of(16, v -> seconds(v.config().delayLoop())),
                Column.of(57, v -> unsigned(v.config().checkDefaults().retry().orElse(0))),
                Column.of(58, v -> seconds(v.config().checkDefaults().delayBeforeRetry())),
                Column.of(59, v -> seconds(v.config().checkDefaults().warmup())),
                Column.of(64, v -> micros(v.config().delayLoop())),
                Column.of(65, v -> micros(v.config().checkDefaults().delayBeforeRetry())),
                Column.of(66, v -> micros(v.config().checkDefaults().warmup())),
                Column.of(67, v -> micros(v.config().checkDefaults().connectTimeout())));
    }

    private static String scheduler(VirtualServer v) {
        return v.config().scheduler();
    }

    private static Variable flag(VirtualServer v, long bit) {
        return truth((v.config().schedulerFlags() & bit) != 0);
    }

    private static Persistence persistence(VirtualServer v) {
        return v.config().persistence().orElseThrow();
    }

    private static Variable mask(long mask) {
        return new OctetString(((IpAddress) Values.mask(mask)).getInetAddress().getAddress());
    }

    /** The method of its first real server: real servers may have others. */
    private static Forwarding forwarding(VirtualServer v) {
        return v.config().realServers().stream()
                .findFirst()
                .map(RealServerConfig::forwarding)
                .orElse(Forwarding.NAT);
    }

    static Target.Address address(VirtualServerConfig config) {
        return (Target.Address) config.targets().getFirst();
    }

    static long mark(VirtualServerConfig config) {
        return ((Target.Fwmark) config.targets().getFirst()).mark();
    }

    /** The name of its group. */
    static String group(VirtualServerConfig config) {
        return config.id().text().substring(GROUP.length()).replaceFirst("(/(tcp|udp|sctp))?(/inet6)?$", "");
    }

    /** tcp(1), udp(2), sctp(3), none(4). */
    static Variable protocol(VirtualServerConfig config) {
        return integer(config.protocol().map(VirtualServerColumns::number).orElse(NO_PROTOCOL));
    }

    private static int number(TransportProtocol protocol) {
        return switch (protocol) {
            case TCP -> 1;
            case UDP -> 2;
            case SCTP -> 3;
        };
    }
}
