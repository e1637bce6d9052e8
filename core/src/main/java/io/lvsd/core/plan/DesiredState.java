package io.lvsd.core.plan;

import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.value.MaintenanceConfig.Drain;
import io.lvsd.core.model.Maintenance;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The services that a virtual server should have in the table, always computed as a whole from its state: the real servers, or
 * the sorry server while the quorum is lost or there is maintenance.
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
     * Whether the sorry server takes the connections of a service: the quorum is lost or there is maintenance, and the sorry
     * server may be used now.
     *
     * @param sorry as in {@link #of}
     */
    public static boolean isSorryInUse(ServiceKey key, VsState server, Map<ServiceKey, IpvsDestination> sorry) {
        return server.needsSorry() && sorry.containsKey(key);
    }

    private static WantedService service(ServiceKey key, VsState server, Map<ServiceKey, IpvsDestination> sorry) {
        SequencedMap<DestinationKey, IpvsDestination> wanted = new LinkedHashMap<>();
        Set<DestinationKey> dead = new HashSet<>();
        Map<DestinationKey, Duration> drainTimeouts = new HashMap<>();
        boolean sorryInUse = isSorryInUse(key, server, sorry);
        boolean replaced = sorryInUse && server.isReplacedBySorry();
        Optional<Drain> maintenanceDrain = server.maintenance().flatMap(Maintenance::drain);
        boolean panic = server.panics();
        for (RsState rs : server.realServers()) {
            Optional<IpvsDestination> destination = destination(key, rs, replaced, panic);
            if (destination.isPresent()) {
                wanted.put(destination.get().key(), destination.get());
                continue;
            }
            Mode mode = rs.override().mode();
            if (!rs.alive() || mode == Mode.DISABLED) {
                dead.add(key(key, rs.config()));
            } else if (mode == Mode.DRAINED) {
                drainTimeouts.put(
                        key(key, rs.config()), rs.override().drainTimeout().orElse(NO_TIMEOUT));
            } else if (maintenanceDrain.isPresent()) {
                drainTimeouts.put(
                        key(key, rs.config()), maintenanceDrain.get().limit().orElse(NO_TIMEOUT));
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
                wanted,
                server.config().removalGrace(),
                drainTimeouts,
                dead);
    }

    /** The destination of one real server; empty if it should not be in the table. */
    private static Optional<IpvsDestination> destination(ServiceKey key, RsState rs, boolean replaced, boolean panic) {
        boolean inPool = (rs.serving() || panic && VsState.mayPanic(rs)) && !replaced;
        if (inPool) {
            return Optional.of(destination(key, rs.config(), rs.tableWeight()));
        }
        boolean inhibited = rs.config().inhibitOnFailure() && rs.override().mode() != Mode.DISABLED;
        return inhibited ? Optional.of(destination(key, rs.config(), 0)) : Optional.empty();
    }

    /**
     * What {@link #of} has for the destination of one real server, without the computation of the others: of those that share
     * the destination, the last one counts, and the sorry server before all.
     *
     * @param sorry as in {@link #of}
     */
    static Optional<IpvsDestination> destination(
            ServiceKey key, VsState server, RsState rs, Map<ServiceKey, IpvsDestination> sorry) {
        DestinationKey at = key(key, rs.config());
        boolean sorryInUse = isSorryInUse(key, server, sorry);
        Optional<IpvsDestination> own = Optional.ofNullable(sorry.get(key))
                .filter(d -> server.config().sorry().isPresent() && d.key().equals(at));
        if (sorryInUse && own.isPresent()) {
            return own;
        }
        boolean replaced = sorryInUse && server.isReplacedBySorry();
        boolean panic = server.panics();
        List<RsState> sharing = server.withAddressOf(rs);
        if (sharing.size() == 1 && own.isEmpty()) {
            return destination(key, rs, replaced, panic);
        }
        return sharing.stream()
                .filter(other -> key(key, other.config()).equals(at))
                .flatMap(other -> destination(key, other, replaced, panic).stream())
                .reduce((_, last) -> last)
                .or(() ->
                        own.filter(_ -> server.config().sorry().get().inhibit()).map(d -> d.withWeight(0)));
    }

    /** The destination of a real server in a service. */
    public static DestinationKey key(ServiceKey service, RealServerConfig server) {
        return Translation.destination(service, server.id(), server.forwarding());
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
