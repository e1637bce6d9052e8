package io.lvsd.core.engine;

import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.SorryRoutes;
import io.lvsd.core.plan.SorryRoutes.Need;
import io.lvsd.core.plan.SorryRoutes.Route;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The sorry servers of all services.
 *
 * @param checks what was tried: empty text is good; a need that is not here was not tried yet
 * @param chosen the route of each service that may be used now
 * @param needed what the routes of all services ask for, chosen or still to be tried
 */
public record SorryState(
        HostFacts host, PMap<Need, String> checks, PMap<ServiceKey, Route> chosen, PMap<ServiceKey, Set<Need>> needed) {
    private static final String NOT_TESTED = "not tested yet";

    static final SorryState EMPTY =
            new SorryState(HostFacts.NONE, HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());

    /** Chooses anew for one virtual server: the right route if it is ready, else the one in use as long as that answers. */
    SorryState choose(VirtualServerConfig server) {
        SorryState next = this;
        for (Target target : server.targets()) {
            ServiceKey key = Translation.key(target, server);
            next = server.sorry().isPresent()
                    ? next.choose(
                            key,
                            SorryRoutes.route(target, server, server.sorry().get(), host))
                    : next.forget(key);
        }
        return next;
    }

    private SorryState choose(ServiceKey key, Route right) {
        Route present = chosen.get(key);
        Set<Need> needs = new HashSet<>(Set.of(right.need()));
        PMap<ServiceKey, Route> next = chosen;
        if (failure(right.need()).isEmpty()) {
            next = chosen.plus(key, right);
        } else if (present != null && failure(present.need()).isEmpty()) {
            needs.add(present.need());
        } else {
            next = chosen.minus(key);
        }
        return new SorryState(host, checks, next, needed.plus(key, Set.copyOf(needs)));
    }

    SorryState forget(ServiceKey key) {
        return chosen.containsKey(key) || needed.containsKey(key)
                ? new SorryState(host, checks, chosen.minus(key), needed.minus(key))
                : this;
    }

    /** Why a need is not fulfilled; empty if it is. */
    private String failure(Need need) {
        return switch (need) {
            case Need.Nothing _ -> "";
            case Need.Impossible(var why) -> why;
            case Need.Existing _, Need.Page _, Need.RelayTo _ -> checks.getOrDefault(need, NOT_TESTED);
        };
    }

    /** Whether no sorry server of a service may be used yet, because the test of one has not ended. */
    boolean isBeingTested(ServiceKey key) {
        return !chosen.containsKey(key)
                && needed.getOrDefault(key, Set.of()).stream()
                        .anyMatch(n -> failure(n).equals(NOT_TESTED));
    }

    /** Why the sorry server of a service cannot be used; empty if it can. */
    public String failure(ServiceKey key) {
        if (chosen.containsKey(key)) {
            return "";
        }
        return needed.getOrDefault(key, Set.of()).stream()
                .map(this::failure)
                .filter(f -> !f.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** The destinations that may be used now, for the services of one virtual server. */
    Map<ServiceKey, IpvsDestination> destinations(VirtualServerConfig server) {
        Map<ServiceKey, IpvsDestination> ready = new HashMap<>();
        for (ServiceKey key : Translation.keys(server)) {
            Route route = chosen.get(key);
            if (route != null) {
                ready.put(key, route.destination());
            }
        }
        return ready;
    }

    /** All that must be set up and tried. */
    Set<Need> allNeeds() {
        Set<Need> all = new HashSet<>();
        needed.values().forEach(all::addAll);
        all.removeIf(n -> n instanceof Need.Nothing || n instanceof Need.Impossible);
        return all;
    }

    SorryState withHost(HostFacts facts) {
        return new SorryState(facts, checks, chosen, needed);
    }

    SorryState withChecks(Map<Need, String> results) {
        return new SorryState(host, HashTreePMap.from(results), chosen, needed);
    }
}
