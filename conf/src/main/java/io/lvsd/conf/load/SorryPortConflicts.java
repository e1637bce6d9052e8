package io.lvsd.conf.load;

import io.lvsd.conf.model.SorryPort;
import io.lvsd.conf.model.SorryServerConfig;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.value.TransportProtocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reports ports of the built-in sorry server that the configuration sets for two virtual servers with the same address: page,
 * counters and maintenance of the one would apply to the clients of the other.
 */
final class SorryPortConflicts {
    private final Problems problems;
    private final Map<String, VsId> used = new HashMap<>();

    SorryPortConflicts(Problems problems) {
        this.problems = problems;
    }

    /** The virtual servers, without ports that an earlier one has. */
    List<VirtualServer> without(List<VirtualServer> servers) {
        return servers.stream().map(this::without).toList();
    }

    private VirtualServer without(VirtualServer built) {
        VirtualServerConfig server = built.config();
        if (server.sorry().filter(SorryPortConflicts::isLoopback).isEmpty()) {
            return built; // An address of another host, as far as the configuration shows.
        }
        SorryPort port = server.sorryPort();
        if (port.fixed()) {
            Optional<String> taken = claim(server, addresses(server), port.number());
            if (taken.isPresent()) {
                problems.error(
                        built.origins().sorryListen().orElse(built.origin()),
                        "sorry_listen " + port.number() + " is used by virtual server " + taken.get() + " on the same"
                                + " address, another port is used",
                        "set another port, or remove sorry_listen");
                server = server.withSorryPort(new SorryPort(port.number(), false));
            }
        }
        return built.with(withoutPagePorts(built, server));
    }

    /** A page for all ports listens on each of {@code sorry_page { ports }}. */
    private VirtualServerConfig withoutPagePorts(VirtualServer built, VirtualServerConfig server) {
        List<String> open = server.targets().stream()
                .filter(t -> t instanceof Target.Address(var _, int port) && port == 0)
                .map(SorryPortConflicts::address)
                .toList();
        if (open.isEmpty()
                || server.protocol().filter(p -> p == TransportProtocol.TCP).isEmpty()) {
            return server;
        }
        List<Integer> ports = new ArrayList<>();
        for (int port : server.sorryPage().ports()) {
            Optional<String> taken = claim(server, open, port);
            taken.ifPresent(other -> problems.error(
                    built.origin(),
                    "port " + port + " of sorry_page is used by virtual server " + other + " on the same address,"
                            + " ignored",
                    "remove it from 'ports', or set another sorry_listen there"));
            if (taken.isEmpty()) {
                ports.add(port);
            }
        }
        return ports.equals(server.sorryPage().ports())
                ? server
                : server.withSorryPage(server.sorryPage().withPorts(ports));
    }

    /** The virtual server that has a port on one of the addresses; if there is none, it belongs to this one from now on. */
    private Optional<String> claim(VirtualServerConfig server, List<String> addresses, int port) {
        for (String address : addresses) {
            VsId other = used.get(address + " " + port);
            if (other != null && !other.equals(server.id())) {
                return Optional.of(other.text());
            }
        }
        addresses.forEach(address -> used.put(address + " " + port, server.id()));
        return Optional.empty();
    }

    private static boolean isLoopback(SorryServerConfig sorry) {
        return sorry.id().address().isLoopbackAddress();
    }

    private static List<String> addresses(VirtualServerConfig server) {
        return server.targets().stream()
                .map(SorryPortConflicts::address)
                .distinct()
                .toList();
    }

    /** Where the page of a service listens; that of all firewall marks of a family is the same address of the director. */
    private static String address(Target target) {
        return switch (target) {
            case Target.Address(var address, int _) -> IpAddresses.text(address);
            case Target.Fwmark(long _, var family) -> "director " + family;
        };
    }
}
