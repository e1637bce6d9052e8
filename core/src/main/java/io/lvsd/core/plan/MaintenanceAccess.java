package io.lvsd.core.plan;

import io.lvsd.conf.model.SorryServerConfig;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.value.Forwarding.Method;
import io.lvsd.conf.value.TransportProtocol;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Whether clients that a maintenance allows can reach the real servers of a virtual server. The sorry page of this host relays
 * their connections.
 *
 * @param possible whether they can
 * @param text under which conditions, or why not
 */
public record MaintenanceAccess(boolean possible, String text) {
    /** @param host facts that decide whether the sorry server is on this host */
    public static MaintenanceAccess of(VirtualServerConfig server, HostFacts host) {
        String obstacle = obstacle(server, host);
        return obstacle.isEmpty()
                ? new MaintenanceAccess(true, conditions(server))
                : new MaintenanceAccess(false, obstacle);
    }

    private static String obstacle(VirtualServerConfig server, HostFacts host) {
        if (server.sorry().isEmpty()) {
            return "it has no sorry_server";
        }
        SorryServerConfig sorry = server.sorry().get();
        if (!host.isLocal(sorry.id().address())) {
            return "the sorry server " + sorry.id() + " is on another host, and only the sorry page of this host relays"
                    + " connections";
        }
        for (Target target : server.targets()) {
            switch (target) {
                case Target.Fwmark _ -> {
                    return "a firewall mark service has no port of its own, and the sorry page relays connections of"
                            + " one port";
                }
                case Target.Address(var _, int port) -> {
                    if (port == 0) {
                        return "a service without a port cannot be relayed, as the sorry page listens on one port";
                    }
                }
            }
        }
        return server.protocol()
                .filter(p -> p != TransportProtocol.TCP)
                .map(p -> "only TCP connections are relayed, and its protocol is "
                        + p.name().toUpperCase(Locale.ROOT))
                .orElse("");
    }

    private static String conditions(VirtualServerConfig server) {
        Set<Method> methods = EnumSet.noneOf(Method.class);
        server.realServers().forEach(rs -> methods.add(rs.forwarding().method()));
        StringBuilder text = new StringBuilder(
                "the sorry page of this host relays the connections of allowed clients to the address and port of a"
                        + " real server; real servers see an address of the director as the source");
        if (methods.contains(Method.DR) || methods.contains(Method.TUN)) {
            text.append(
                    "; with DR and TUN this works only if the service on the real server listens on its own address,"
                            + " not only on the virtual address");
        }
        return text.toString();
    }
}
