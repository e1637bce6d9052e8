package io.lvsd.snmp.mib;

import static io.lvsd.snmp.mib.Values.counter;
import static io.lvsd.snmp.mib.Values.counter64;
import static io.lvsd.snmp.mib.Values.gauge;
import static io.lvsd.snmp.mib.Values.integer;
import static io.lvsd.snmp.mib.Values.unsigned;

import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.Program;
import io.lvsd.ipvs.model.IpvsStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.snmp4j.smi.Variable;

/** What columns of virtual and real servers in KEEPALIVED-MIB have in common. */
final class ServerColumns {
    private static final int HALF = 32;

    private ServerColumns() {}

    /** Five counters and five rates in their 32-bit types: connections, packets and bytes in and out. */
    static <R> List<Column<R>> counters(int packets, int rates, Function<R, IpvsStats> stats) {
        return List.of(
                Column.of(packets, r -> counter(stats.apply(r).inPackets())),
                Column.of(packets + 1, r -> counter(stats.apply(r).outPackets())),
                Column.wide(packets + 2, r -> counter64(stats.apply(r).inBytes())),
                Column.wide(packets + 3, r -> counter64(stats.apply(r).outBytes())),
                Column.of(rates, r -> gauge(stats.apply(r).connectionRate())),
                Column.of(rates + 1, r -> gauge(stats.apply(r).inPacketRate())),
                Column.of(rates + 2, r -> gauge(stats.apply(r).outPacketRate())),
                Column.of(rates + 3, r -> gauge(stats.apply(r).inByteRate())),
                Column.of(rates + 4, r -> gauge(stats.apply(r).outByteRate())));
    }

    /** Connections and packets as 64-bit counters. */
    static <R> List<Column<R>> counters64(int first, Function<R, IpvsStats> stats) {
        return List.of(
                Column.wide(first, r -> counter64(stats.apply(r).connections())),
                Column.wide(first + 1, r -> counter64(stats.apply(r).inPackets())),
                Column.wide(first + 2, r -> counter64(stats.apply(r).outPackets())));
    }

    private static List<ToLongFunction<IpvsStats>> rates() {
        return List.of(
                IpvsStats::connectionRate,
                IpvsStats::inPacketRate,
                IpvsStats::outPacketRate,
                IpvsStats::inByteRate,
                IpvsStats::outByteRate);
    }

    /** Each rate as its low and its high 32 bits. */
    static <R> List<Column<R>> halves(int first, Function<R, IpvsStats> stats) {
        List<Column<R>> columns = new ArrayList<>();
        int number = first;
        for (ToLongFunction<IpvsStats> rate : rates()) {
            columns.add(Column.of(number, r -> unsigned(rate.applyAsLong(stats.apply(r)) & Values.MAX_32)));
            columns.add(Column.of(number + 1, r -> unsigned(rate.applyAsLong(stats.apply(r)) >>> HALF)));
            number += 2;
        }
        return columns;
    }

    /** Each rate as a 64-bit number. */
    static <R> List<Column<R>> rates64(int first, Function<R, IpvsStats> stats) {
        List<Column<R>> columns = new ArrayList<>();
        int number = first;
        for (ToLongFunction<IpvsStats> rate : rates()) {
            columns.add(Column.wide(number++, r -> counter64(rate.applyAsLong(stats.apply(r)))));
        }
        return columns;
    }

    /** nat(1), dr(2), tun(3). */
    static Variable method(Forwarding forwarding) {
        return integer(
                switch (forwarding.method()) {
                    case NAT -> 1;
                    case DR -> 2;
                    case TUN -> 3;
                });
    }

    static boolean isTunnel(Forwarding forwarding) {
        return forwarding.method() == Forwarding.Method.TUN;
    }

    static boolean hasTunnelPort(Forwarding forwarding) {
        return isTunnel(forwarding) && forwarding.encapsulation() == Forwarding.Encapsulation.GUE;
    }

    static boolean hasTunnelChecksum(Forwarding forwarding) {
        return isTunnel(forwarding) && forwarding.encapsulation() != Forwarding.Encapsulation.IPIP;
    }

    /** ipip(1), gue(2), gre(3). */
    static Variable tunnelType(Forwarding forwarding) {
        return integer(
                switch (forwarding.encapsulation()) {
                    case IPIP -> 1;
                    case GUE -> 2;
                    case GRE -> 3;
                });
    }

    /** nocsum(1), csum(2), remcsum(3). */
    static Variable tunnelChecksum(Forwarding forwarding) {
        return integer(
                switch (forwarding.checksum()) {
                    case NOCSUM -> 1;
                    case CSUM -> 2;
                    case REMCSUM -> 3;
                });
    }

    static Variable seconds(Duration duration) {
        return unsigned(duration.toSeconds());
    }

    /** At most 2^32-1 µs, which is 71 minutes. */
    static Variable micros(Duration duration) {
        return unsigned(Math.min(Values.MAX_32, duration.toSeconds() * 1_000_000 + duration.toNanosPart() / 1_000));
    }

    /** The command line of a script. */
    static Variable command(Program program) {
        return Values.text(String.join(" ", program.argv()));
    }

    /** The path of a script. */
    static Variable path(Program program) {
        return Values.text(program.argv().getFirst());
    }
}
