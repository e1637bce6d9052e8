package io.lvsd.core.plan;

import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.core.model.RsOverride.Mode;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The services that a virtual server should have in the table, always computed as a whole from its state: the real servers, or
 * the sorry server while the quorum is lost.
 */
public final class DesiredState {
    private static final Duration NO_TIMEOUT = Duration.ofDays(36_500);

    private DesiredState() {}

    /**
     * The services of a virtual server.
     *
     * @param sorry the sorry server's destination of each service; without an entry it cannot be used now
     */
    public static Map<ServiceKey, WantedService> of(VsState server, Map<ServiceKey, IpvsDestination> sorry) {
        Map<ServiceKey, WantedService> services = new HashMap<>();
        for (ServiceKey key : Translation.keys(server.config())) {
            services.put(key, service(key, server, sorry));
        }
        Translation.paths(server.config()).forEach((key, rs) -> services.put(key, path(key, rs)));
        return services;
    }

    /** Independent of the health of the real server, as the probes that find it out go through this service. */
    private static WantedService path(ServiceKey key, RealServerConfig rs) {
        IpvsDestination all = destination(key, rs, 1);
        IpvsDestination only = new IpvsDestination(all.key(), all.method(), 1, 0, 0, all.tunnel());
        SequencedMap<DestinationKey, IpvsDestination> wanted = new LinkedHashMap<>();
        wanted.put(only.key(), only);
        return new WantedService(new IpvsService(key, "rr", 0, 0, IpvsService.wholeAddress(key.family()), ""), wanted);
    }

    /**
     * Whether the sorry server takes the connections of a service: the quorum is lost, and the sorry server may be used now.
     *
     * @param sorry as in {@link #of}
     */
    public static boolean isSorryInUse(ServiceKey key, VsState server, Map<ServiceKey, IpvsDestination> sorry) {
        return !server.quorumUp() && sorry.containsKey(key);
    }

    private static WantedService service(ServiceKey key, VsState server, Map<ServiceKey, IpvsDestination> sorry) {
        Map<DestinationKey, IpvsDestination> wanted = new LinkedHashMap<>();
        Set<DestinationKey> dead = new HashSet<>();
        Map<DestinationKey, Duration> drainTimeouts = new HashMap<>();
        boolean sorryInUse = isSorryInUse(key, server, sorry);
        boolean panic = server.panics();
        for (RsState rs : server.realServers()) {
            IpvsDestination destination = destination(key, rs);
            boolean inPool = (rs.serving() || panic && VsState.mayPanic(rs)) && !sorryInUse;
            Mode mode = rs.override().mode();
            if (inPool || rs.config().inhibitOnFailure() && mode != Mode.DISABLED) {
                wanted.put(destination.key(), inPool ? destination : destination.withWeight(0));
            } else if (!rs.alive() || mode == Mode.DISABLED) {
                dead.add(destination.key());
            } else if (mode == Mode.DRAINED) {
                drainTimeouts.put(
                        destination.key(), rs.override().drainTimeout().orElse(NO_TIMEOUT));
            }
        }
        server.config().sorry().ifPresent(configured -> {
            IpvsDestination destination = sorry.get(key);
            if (destination != null && sorryInUse) {
                wanted.put(destination.key(), destination);
            } else if (destination != null && configured.inhibit()) {
                wanted.putIfAbsent(destination.key(), destination.withWeight(0));
            }
        });
        dead.removeAll(wanted.keySet());
        return new WantedService(
                Translation.service(key, server.config()),
                new LinkedHashMap<>(wanted),
                server.config().removalGrace(),
                drainTimeouts,
                dead);
    }

    /** The destination of a real server in a service. */
    public static DestinationKey key(ServiceKey service, RealServerConfig server) {
        return Translation.destination(service, server.id(), server.forwarding());
    }

    private static IpvsDestination destination(ServiceKey key, RsState rs) {
        return destination(key, rs.config(), rs.tableWeight());
    }

    static IpvsDestination destination(ServiceKey key, RealServerConfig config, long weight) {
        return new IpvsDestination(
                Translation.destination(key, config.id(), config.forwarding()),
                Translation.method(config.forwarding()),
                weight,
                config.upperThreshold(),
                config.lowerThreshold(),
                Translation.tunnel(config.forwarding()));
    }
}
