package io.lvsd.core.engine;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.SorryBackend;
import io.lvsd.core.plan.SorryNotice;
import io.lvsd.core.plan.SorryPorts;
import io.lvsd.core.plan.SorryRoutes;
import io.lvsd.core.plan.SorryRoutes.Route;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.sorryserver.setup.ListenerSetup;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The sorry servers of all services.
 *
 * @param ports of the built-in sorry server
 * @param checks results of the tests of backends: empty text if a backend serves, else the reason why not; a backend without
 *     an entry was not tested yet
 * @param chosen the route of each service that may be used now
 * @param needed the backends that the routes of each service require, those included that are still to be tested
 */
public record SorryState(
        HostFacts host,
        SorryPorts ports,
        PMap<SorryBackend, String> checks,
        PMap<ServiceKey, Route> chosen,
        PMap<ServiceKey, Set<SorryBackend>> needed) {
    private static final String NOT_TESTED = "not tested yet";

    static final SorryState EMPTY = new SorryState(
            HostFacts.NONE, SorryPorts.NONE, HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());

    /** Before a route is chosen. */
    static SorryState of(DaemonConfig config, HostFacts host) {
        return EMPTY.withHost(host).withPorts(SorryPorts.of(config.virtualServers()));
    }

    /** Chooses the routes of one virtual server: the best one if its backend serves, else the present one while that serves. */
    SorryState choose(VirtualServerConfig server, SorryNotice notice) {
        SorryState next = this;
        for (Target target : server.targets()) {
            ServiceKey key = Translation.key(target, server);
            next = server.sorry().isPresent()
                    ? next.choose(
                            server.id(),
                            key,
                            SorryRoutes.route(target, server, server.sorry().get(), ports, host, notice))
                    : next.forget(key);
        }
        return next;
    }

    private SorryState choose(VsId server, ServiceKey key, Route best) {
        Route present = chosen.get(key);
        Set<SorryBackend> backends = new HashSet<>(Set.of(best.backend()));
        PMap<ServiceKey, Route> next = chosen;
        if (failure(best.backend()).isEmpty()) {
            next = chosen.plus(key, best);
        } else if (present != null && failure(present.backend()).isEmpty()) {
            if (!isReplaced(present.backend(), best.backend(), server)) {
                backends.add(present.backend());
            }
        } else {
            next = chosen.minus(key);
        }
        return new SorryState(host, ports, checks, next, needed.plus(key, Set.copyOf(backends)));
    }

    /**
     * Whether the listeners of the present backend get another content, or belong to another virtual server now. They serve all
     * the while, so the present route remains until the other backend is tested.
     */
    private boolean isReplaced(SorryBackend present, SorryBackend best, VsId server) {
        Set<InetSocketAddress> others =
                best.listeners().stream().map(ListenerSetup::address).collect(Collectors.toSet());
        boolean sameKind = present.getClass().equals(best.getClass());
        return present.listeners().stream()
                .map(ListenerSetup::address)
                .anyMatch(a -> sameKind && others.contains(a) || !ports.isFree(a, server));
    }

    /** Whether the sorry servers of one virtual server are as they were in another state, results of tests included. */
    boolean isSameFor(VirtualServerConfig server, SorryState other) {
        return Translation.keys(server).stream()
                .allMatch(key -> Objects.equals(chosen.get(key), other.chosen.get(key))
                        && Objects.equals(needed.get(key), other.needed.get(key))
                        && failure(key).equals(other.failure(key)));
    }

    SorryState forget(ServiceKey key) {
        return chosen.containsKey(key) || needed.containsKey(key)
                ? new SorryState(host, ports, checks, chosen.minus(key), needed.minus(key))
                : this;
    }

    /** Why a backend does not serve; empty if it does. */
    private String failure(SorryBackend backend) {
        return switch (backend) {
            case SorryBackend.Remote _ -> "";
            case SorryBackend.Unavailable(var reason) -> reason;
            case SorryBackend.Existing _, SorryBackend.Page _, SorryBackend.Relay _ ->
                checks.getOrDefault(backend, NOT_TESTED);
        };
    }

    /** Whether a service has no usable sorry server yet because the test of a backend has not ended. */
    boolean isBeingTested(ServiceKey key) {
        return !needed.isEmpty()
                && !chosen.containsKey(key)
                && needed.getOrDefault(key, Set.of()).stream()
                        .anyMatch(b -> failure(b).equals(NOT_TESTED));
    }

    /** Why the sorry server of a service cannot be used; empty if it can. */
    public String failure(ServiceKey key) {
        if (needed.isEmpty() || chosen.containsKey(key)) {
            return "";
        }
        return needed.getOrDefault(key, Set.of()).stream()
                .map(this::failure)
                .filter(f -> !f.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** The destinations that may be used now, for the services of one virtual server. */
    public Map<ServiceKey, IpvsDestination> destinations(VirtualServerConfig server) {
        if (chosen.isEmpty()) {
            return Map.of();
        }
        Map<ServiceKey, IpvsDestination> ready = new HashMap<>();
        for (ServiceKey key : Translation.keys(server)) {
            Route route = chosen.get(key);
            if (route != null) {
                ready.put(key, route.destination());
            }
        }
        return ready;
    }

    /** Whether a destination is the sorry server of a service, in use or not. */
    public boolean isDestination(ServiceKey key, DestinationKey destination) {
        Route route = chosen.get(key);
        return route != null && route.destination().key().equals(destination);
    }

    /** The listeners of the built-in sorry server that serve a service, if its sorry server is in use. */
    Set<InetSocketAddress> listeners(ServiceKey key) {
        Route route = chosen.get(key);
        return route == null
                ? Set.of()
                : route.backend().listeners().stream()
                        .map(ListenerSetup::address)
                        .collect(Collectors.toSet());
    }

    /** The destinations that take the connections of the services of one virtual server now. */
    public Map<ServiceKey, IpvsDestination> inUse(VsState server) {
        Map<ServiceKey, IpvsDestination> usable = destinations(server.config());
        Map<ServiceKey, IpvsDestination> used = new TreeMap<>(usable);
        used.keySet().removeIf(key -> !DesiredState.isSorryInUse(key, server, usable));
        return used;
    }

    /** All backends on this host that have to be opened and tested. */
    Set<SorryBackend> allBackends() {
        Set<SorryBackend> all = new HashSet<>();
        needed.values().forEach(all::addAll);
        all.removeIf(b -> b instanceof SorryBackend.Remote || b instanceof SorryBackend.Unavailable);
        return all;
    }

    SorryState withHost(HostFacts facts) {
        return new SorryState(facts, ports, checks, chosen, needed);
    }

    SorryState withPorts(SorryPorts others) {
        return new SorryState(host, others, checks, chosen, needed);
    }

    SorryState withChecks(Map<SorryBackend, String> results) {
        return new SorryState(host, ports, HashTreePMap.from(results), chosen, needed);
    }
}
