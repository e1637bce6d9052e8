package io.lvsd.core.view;

import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.model.Tunnel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The table in ipvsadm's layouts, with exact numbers, sorted by service key. */
public final class TableFormat {
    private TableFormat() {}

    /** {@code ipvsadm -Ln}. */
    public static String list(IpvsSnapshot table) {
        StringBuilder out = header(table);
        out.append("Prot LocalAddress:Port Scheduler Flags\n"
                + "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n");
        for (ServiceState service : table.services().values()) {
            out.append(name(service.config().key()))
                    .append(' ')
                    .append(service.config().scheduler())
                    .append(flags(service.config()))
                    .append('\n');
            for (DestinationState d : service.destinations().values()) {
                out.append(String.format(
                        Locale.ROOT,
                        "  -> %-28s %-7s %-6d %-10d %-10d\n",
                        d.config().key(),
                        d.config().method().word(),
                        d.config().weight(),
                        d.active(),
                        d.inactive()));
            }
        }
        return out.toString();
    }

    /** {@code ipvsadm -Ln --stats --exact}. */
    public static String stats(IpvsSnapshot table) {
        return numbers(
                table,
                List.of("Conns", "InPkts", "OutPkts", "InBytes", "OutBytes"),
                s -> List.of(s.connections(), s.inPackets(), s.outPackets(), s.inBytes(), s.outBytes()));
    }

    /** {@code ipvsadm -Ln --rate --exact}. */
    public static String rate(IpvsSnapshot table) {
        return numbers(
                table,
                List.of("CPS", "InPPS", "OutPPS", "InBPS", "OutBPS"),
                s -> List.of(s.connectionRate(), s.inPacketRate(), s.outPacketRate(), s.inByteRate(), s.outByteRate()));
    }

    /** {@code ipvsadm -Sn}: lines that {@code ipvsadm -R} restores. */
    public static String save(IpvsSnapshot table) {
        StringBuilder out = new StringBuilder();
        for (ServiceState service : table.services().values()) {
            String which = option(service.config().key());
            out.append("-A ")
                    .append(which)
                    .append(" -s ")
                    .append(service.config().scheduler())
                    .append(saved(service.config()))
                    .append('\n');
            for (DestinationState d : service.destinations().values()) {
                out.append("-a ").append(which).append(saved(d.config())).append('\n');
            }
        }
        return out.toString();
    }

    /** A command as arguments of {@code ipvsadm}. */
    public static String command(IpvsCommand command) {
        return switch (command) {
            case IpvsCommand.NewService(var service) -> edited("-A ", service);
            case IpvsCommand.SetService(var service) -> edited("-E ", service);
            case IpvsCommand.DelService(var key) -> "-D " + option(key);
            case IpvsCommand.NewDest(var key, var destination) -> "-a " + option(key) + saved(destination);
            case IpvsCommand.SetDest(var key, var destination) -> "-e " + option(key) + saved(destination);
            case IpvsCommand.DelDest(var key, var destination) -> "-d " + option(key) + " -r " + destination;
            case IpvsCommand.SetTimeouts(var t) -> "--set " + t.tcp() + " " + t.tcpFin() + " " + t.udp();
            case IpvsCommand.NewDaemon(var daemon) ->
                "--start-daemon " + daemon.role() + " --mcast-interface " + daemon.multicastInterface();
            case IpvsCommand.DelDaemon(var daemon) -> "--stop-daemon " + daemon.role();
            case IpvsCommand.Zero(var key) -> "-Z " + option(key);
            case IpvsCommand.ZeroAll() -> "-Z";
        };
    }

    private static String edited(String what, IpvsService service) {
        return what + option(service.key()) + " -s " + service.scheduler() + saved(service);
    }

    private static StringBuilder header(IpvsSnapshot table) {
        return new StringBuilder("IP Virtual Server version " + table.info().version() + " (size="
                + table.info().connectionTableSize() + ")\n");
    }

    private static String numbers(IpvsSnapshot table, List<String> titles, Function<IpvsStats, List<Long>> columns) {
        StringBuilder out = header(table);
        out.append(String.format(Locale.ROOT, "%-33s", "Prot LocalAddress:Port"));
        titles.forEach(t -> out.append(String.format(Locale.ROOT, " %8s", t)));
        out.append("\n  -> RemoteAddress:Port\n");
        for (ServiceState service : table.services().values()) {
            out.append(row(name(service.config().key()), columns.apply(service.stats())));
            service.destinations()
                    .values()
                    .forEach(d -> out.append(row("  -> " + d.config().key(), columns.apply(d.stats()))));
        }
        return out.toString();
    }

    private static String row(String name, List<Long> values) {
        StringBuilder out = new StringBuilder(String.format(Locale.ROOT, "%-33s", name));
        values.forEach(v -> out.append(String.format(Locale.ROOT, " %8s", Long.toUnsignedString(v))));
        return out.append('\n').toString();
    }

    private static String name(ServiceKey key) {
        return switch (key) {
            case ServiceKey.AddressKey(var protocol, var address, int port) ->
                String.format(Locale.ROOT, "%-4s %s", protocol.name(), Addresses.text(address, port));
            case ServiceKey.FwmarkKey(var family, long mark) ->
                "FWM  " + mark + (family == AddressFamily.INET6 ? " IPv6" : "");
        };
    }

    private static String flags(IpvsService service) {
        StringBuilder out = new StringBuilder();
        List<String> names = schedulerFlags(service);
        if (!names.isEmpty()) {
            out.append(" (").append(String.join(",", names)).append(')');
        }
        if (service.persistent()) {
            out.append(" persistent ").append(service.persistenceTimeout());
            if (service.netmask() != IpvsService.wholeAddress(service.key().family())) {
                out.append(" mask ").append(mask(service));
            }
            if (!service.persistenceEngine().isEmpty()) {
                out.append(" pe ").append(service.persistenceEngine());
            }
        }
        return out.append((service.flags() & IpvsService.ONE_PACKET) != 0 ? " ops" : "")
                .toString();
    }

    static List<String> schedulerFlags(IpvsService service) {
        boolean hashing =
                service.scheduler().equals("sh") || service.scheduler().equals("mh");
        List<String> names = new ArrayList<>();
        if ((service.flags() & IpvsService.SCHED1) != 0) {
            names.add(hashing ? service.scheduler() + "-fallback" : "flag-1");
        }
        if ((service.flags() & IpvsService.SCHED2) != 0) {
            names.add(hashing ? service.scheduler() + "-port" : "flag-2");
        }
        if ((service.flags() & IpvsService.SCHED3) != 0) {
            names.add("flag-3");
        }
        return names;
    }

    static String mask(IpvsService service) {
        long mask = service.netmask();
        return service.key().family() == AddressFamily.INET6
                ? Long.toString(mask)
                : (mask >> 24) + "." + (mask >> 16 & 255) + "." + (mask >> 8 & 255) + "." + (mask & 255);
    }

    private static String option(ServiceKey key) {
        return switch (key) {
            case ServiceKey.AddressKey(var protocol, var address, int port) ->
                switch (protocol) {
                            case TCP -> "-t ";
                            case UDP -> "-u ";
                            case SCTP -> "--sctp-service ";
                        }
                        + Addresses.text(address, port);
            case ServiceKey.FwmarkKey(var family, long mark) ->
                "-f " + mark + (family == AddressFamily.INET6 ? " -6" : "");
        };
    }

    private static String saved(IpvsService service) {
        StringBuilder out = new StringBuilder();
        List<String> names = schedulerFlags(service);
        if (service.persistent()) {
            out.append(" -p ").append(service.persistenceTimeout());
            if (service.netmask() != IpvsService.wholeAddress(service.key().family())) {
                out.append(" -M ").append(mask(service));
            }
            if (!service.persistenceEngine().isEmpty()) {
                out.append(" --pe ").append(service.persistenceEngine());
            }
        }
        out.append((service.flags() & IpvsService.ONE_PACKET) != 0 ? " -o" : "");
        return out.append(names.isEmpty() ? "" : " -b " + String.join(",", names))
                .toString();
    }

    private static String saved(IpvsDestination d) {
        StringBuilder out = new StringBuilder(" -r " + d.key());
        if (d.method().equals(ForwardingMethod.TUNNEL)) {
            out.append(" -i").append(saved(d.tunnel()));
        } else {
            out.append(d.method().equals(ForwardingMethod.MASQ) ? " -m" : " -g");
        }
        out.append(" -w ").append(d.weight());
        if (d.upperThreshold() != 0) {
            out.append(" -x ").append(d.upperThreshold());
        }
        if (d.lowerThreshold() != 0) {
            out.append(" -y ").append(d.lowerThreshold());
        }
        return out.toString();
    }

    private static String saved(Tunnel tunnel) {
        String checksum = switch (tunnel.flags()) {
            case Tunnel.CSUM -> " --tun-csum";
            case Tunnel.REMCSUM -> " --tun-remcsum";
            default -> " --tun-nocsum";
        };
        return switch (tunnel.type()) {
            case Tunnel.GUE -> " --tun-type gue --tun-port " + tunnel.port() + checksum;
            case Tunnel.GRE -> " --tun-type gre" + checksum;
            default -> " --tun-type ipip";
        };
    }
}
