package io.lvsd.core.plan;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.model.ConfigOrigins;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.ConfigProblem.Severity;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.value.Driver;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.ipvs.embedded.EmbeddedSupport;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Parts of a configuration that a driver does not support, reported with their place at start and at reload. */
public final class DriverCompatibility {
    private DriverCompatibility() {}

    /** The loaded configuration, with the problems that it has with this driver. */
    public static ConfigLoader.Loaded validated(ConfigLoader.Loaded loaded, Driver driver) {
        return loaded.with(
                switch (driver) {
                    case EMBEDDED -> embedded(loaded.config(), loaded.origins());
                    case KERNEL -> withoutProxyProtocol(loaded.config(), loaded.origins());
                    case MEMORY -> dryRun(loaded.config(), loaded.origins());
                    case AUTO -> List.of();
                });
    }

    /** What the embedded driver would change or reject. */
    public static List<ConfigProblem> embedded(DaemonConfig config, ConfigOrigins origins) {
        List<ConfigProblem> problems = new ArrayList<>();
        Set<ServiceKey> all = new HashSet<>();
        config.virtualServers().forEach(vs -> all.addAll(Translation.keys(vs)));
        for (VirtualServerConfig server : config.virtualServers()) {
            for (ServiceKey key : Translation.keys(server)) {
                String reason = EmbeddedSupport.reason(Translation.service(key, server));
                if (!reason.isEmpty()) {
                    Origin origin = origins.virtualServer(server.id());
                    problems.add(new ConfigProblem(Severity.ERROR, origin, key + ": " + reason, ""));
                } else {
                    realServers(server, key, all, origins, problems);
                }
                if (key instanceof ServiceKey.AddressKey(Protocol protocol, var _, int _) && protocol == Protocol.UDP) {
                    problems.addAll(
                            withoutProxyProtocol(server, origins, "proxy_protocol has an effect with TCP only"));
                }
            }
        }
        for (VirtualServerConfig server : config.virtualServers()) {
            server.sorry()
                    .filter(sorry -> sorry.forwarding().method() != Forwarding.Method.NAT)
                    .ifPresent(sorry -> problems.add(new ConfigProblem(
                            Severity.ERROR,
                            origins.sorryServer(server.id()),
                            "sorry server " + sorry.id() + ": " + EmbeddedSupport.ONLY_NAT,
                            "sorry_server_lvs_method NAT")));
        }
        config.kernel()
                .syncDaemon()
                .ifPresent(_ -> problems.add(new ConfigProblem(
                        Severity.ERROR,
                        origins.syncDaemon(),
                        "the embedded driver's connections cannot be synchronised with another director",
                        "remove the line, or use the kernel driver")));
        return List.copyOf(new LinkedHashSet<>(problems));
    }

    private static void realServers(
            VirtualServerConfig server,
            ServiceKey service,
            Set<ServiceKey> all,
            ConfigOrigins origins,
            List<ConfigProblem> problems) {
        for (int i = 0; i < server.realServers().size(); i++) {
            RealServerConfig rs = server.realServers().get(i);
            String reason = EmbeddedSupport.reason(DesiredState.destination(service, rs, rs.weight()));
            DestinationKey key = DesiredState.key(service, rs);
            boolean circle = service instanceof ServiceKey.AddressKey(Protocol protocol, var _, int _)
                    && all.contains(new ServiceKey.AddressKey(protocol, key.address(), key.port()));
            if (!reason.isEmpty()) {
                problems.add(new ConfigProblem(
                        Severity.ERROR,
                        origins.realServer(server.id(), i),
                        "real server " + rs.id() + ": " + reason,
                        ""));
            } else if (circle) {
                problems.add(new ConfigProblem(
                        Severity.ERROR,
                        origins.realServer(server.id(), i),
                        "real server " + rs.id() + " is a virtual server of this daemon: connections would loop",
                        "use the addresses of the servers that it forwards to"));
            }
        }
    }

    private static List<ConfigProblem> dryRun(DaemonConfig config, ConfigOrigins origins) {
        List<ConfigProblem> problems = new ArrayList<>(withoutProxyProtocol(config, origins));
        config.virtualServers().stream()
                .filter(VirtualServerConfig::viaVip)
                .map(vs -> new ConfigProblem(
                        Severity.WARNING,
                        origins.virtualServer(vs.id()),
                        "via_vip needs the kernel driver: a dry run does not run the checks of " + vs.id(),
                        "their real servers are presumed to be up"))
                .forEach(problems::add);
        return problems;
    }

    private static List<ConfigProblem> withoutProxyProtocol(DaemonConfig config, ConfigOrigins origins) {
        List<ConfigProblem> problems = new ArrayList<>();
        for (VirtualServerConfig vs : config.virtualServers()) {
            problems.addAll(
                    withoutProxyProtocol(vs, origins, "proxy_protocol has an effect with the embedded driver only"));
        }
        return problems;
    }

    private static List<ConfigProblem> withoutProxyProtocol(
            VirtualServerConfig server, ConfigOrigins origins, String text) {
        List<ConfigProblem> problems = new ArrayList<>();
        for (int i = 0; i < server.realServers().size(); i++) {
            if (server.realServers().get(i).proxyProtocol()) {
                problems.add(new ConfigProblem(
                        Severity.WARNING, origins.realServer(server.id(), i), text, "remove it here"));
            }
        }
        return problems;
    }
}
