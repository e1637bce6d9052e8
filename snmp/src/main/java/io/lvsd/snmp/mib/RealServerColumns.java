package io.lvsd.snmp.mib;

import static io.lvsd.snmp.mib.ServerColumns.micros;
import static io.lvsd.snmp.mib.ServerColumns.seconds;
import static io.lvsd.snmp.mib.Values.gauge;
import static io.lvsd.snmp.mib.Values.integer;
import static io.lvsd.snmp.mib.Values.text;
import static io.lvsd.snmp.mib.Values.truth;
import static io.lvsd.snmp.mib.Values.unsigned;

import io.lvsd.conf.model.CheckDefaults;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.Program;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.snmp.mib.ServerViews.RealServer;
import io.lvsd.snmp.mib.ServerViews.VirtualServer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Variable;

/** The columns of {@code realServerTable}, 1.3.6.1.4.1.9586.100.5.3.4. The sorry server is a row that has only some of them. */
final class RealServerColumns {
    /** A real server, or the sorry server, of a virtual server. */
    record Row(VirtualServer virtual, RealServer real) {
        boolean isRegular() {
            return real.isRegular();
        }

        RealServerConfig config() {
            return real.config().orElseThrow();
        }

        CheckDefaults checks() {
            return config().checkDefaults();
        }

        RsId id() {
            return real.config()
                    .map(RealServerConfig::id)
                    .orElseGet(() -> virtual.config().sorry().orElseThrow().id());
        }

        Forwarding forwarding() {
            return real.config()
                    .map(RealServerConfig::forwarding)
                    .orElseGet(() -> virtual.config().sorry().orElseThrow().forwarding());
        }

        IpvsStats stats() {
            return real.load().stats();
        }
    }

    private static final Predicate<Row> REGULAR = Row::isRegular;

    static final List<Column<Row>> ALL = all();

    private RealServerColumns() {}

    private static List<Column<Row>> all() {
        List<Column<Row>> columns = new ArrayList<>();
        columns.addAll(identity());
        columns.addAll(state());
        columns.addAll(settings());
        columns.addAll(scripts());
        columns.addAll(timing());
        columns.addAll(ServerColumns.counters(18, 22, Row::stats));
        columns.addAll(ServerColumns.counters64(27, Row::stats));
        columns.addAll(ServerColumns.halves(30, Row::stats));
        columns.addAll(ServerColumns.rates64(58, Row::stats));
        columns.sort(Comparator.comparingInt(Column::number));
        return List.copyOf(columns);
    }

    private static Column<Row> regular(int number, Function<Row, Variable> value) {
        return Column.of(number, value).where(REGULAR);
    }

    private static List<Column<Row>> identity() {
        return List.of(
                Column.of(2, r -> integer(r.isRegular() ? 1 : 2)),
                Column.of(3, r -> Values.addressType(r.id().address())),
                Column.of(4, r -> Values.address(r.id().address())),
                Column.of(5, r -> unsigned(r.id().port())),
                Column.<Row>of(55, r -> text(r.config().name().orElse("")))
                        .where(r -> r.isRegular() && r.config().name().isPresent()));
    }

    private static List<Column<Row>> state() {
        return List.of(
                regular(6, r -> integer(r.real().alive() ? 1 : 2)),
                regular(7, r -> integer(r.real().weight())),
                regular(13, r -> unsigned(r.real().failedChecks())),
                regular(63, r -> unsigned(r.real().notRunChecks())),
                Column.of(14, r -> gauge(r.stats().connections())),
                Column.of(15, r -> gauge(r.real().load().active())),
                Column.of(16, r -> gauge(r.real().load().inactive())),
                Column.of(17, r -> gauge(r.real().load().persistent())));
    }

    private static List<Column<Row>> settings() {
        return List.of(
                regular(8, r -> unsigned(r.config().upperThreshold())),
                regular(9, r -> unsigned(r.config().lowerThreshold())),
                regular(10, r -> integer(r.config().inhibitOnFailure() ? 2 : 1)),
                Column.of(40, r -> ServerColumns.method(r.forwarding())),
                Column.<Row>of(41, r -> text(r.checks().virtualHost().orElse("")))
                        .where(r -> r.isRegular() && r.checks().virtualHost().isPresent()),
                regular(42, r -> truth(r.checks().alpha())),
                regular(47, r -> truth(r.config().notices().mail())),
                Column.<Row>of(52, r -> ServerColumns.tunnelType(r.forwarding()))
                        .where(r -> ServerColumns.isTunnel(r.forwarding())),
                Column.<Row>of(53, r -> unsigned(r.forwarding().port()))
                        .where(r -> ServerColumns.hasTunnelPort(r.forwarding())),
                Column.<Row>of(54, r -> ServerColumns.tunnelChecksum(r.forwarding()))
                        .where(r -> ServerColumns.hasTunnelChecksum(r.forwarding())));
    }

    private static List<Column<Row>> scripts() {
        Predicate<Row> up = r -> r.isRegular() && r.config().notices().up().isPresent();
        Predicate<Row> down = r -> r.isRegular() && r.config().notices().down().isPresent();
        return List.of(
                script(11, up, r -> r.config().notices().up(), ServerColumns::command),
                script(12, down, r -> r.config().notices().down(), ServerColumns::command),
                script(56, up, r -> r.config().notices().up(), ServerColumns::path),
                script(57, down, r -> r.config().notices().down(), ServerColumns::path));
    }

    private static Column<Row> script(
            int number,
            Predicate<Row> present,
            Function<Row, Optional<Program>> script,
            Function<Program, Variable> value) {
        return Column.<Row>of(number, r -> script.apply(r).map(value).orElse(new OctetString()))
                .where(present);
    }

    private static List<Column<Row>> timing() {
        return List.of(
                regular(43, r -> unsigned(r.checks().retry().orElse(0))),
                regular(44, r -> seconds(r.checks().delayBeforeRetry())),
                regular(45, r -> seconds(r.checks().warmup())),
                regular(46, r -> seconds(r.checks().delayLoop())),
                regular(48, r -> micros(r.checks().delayBeforeRetry())),
                regular(49, r -> micros(r.checks().warmup())),
                regular(50, r -> micros(r.checks().delayLoop())),
                regular(51, r -> micros(r.checks().connectTimeout())));
    }
}
