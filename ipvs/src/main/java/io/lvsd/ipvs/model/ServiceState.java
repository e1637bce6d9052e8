package io.lvsd.ipvs.model;

import java.util.Map;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/** A service as the kernel reports it, with its destinations by key. Changes share structure with what they change. */
public record ServiceState(
        IpvsService config, IpvsStats stats, PSortedMap<DestinationKey, DestinationState> destinations) {
    /** Copies the destinations. */
    public ServiceState(IpvsService config, IpvsStats stats, Map<DestinationKey, DestinationState> destinations) {
        this(config, stats, TreePMap.from(destinations));
    }

    /** A service without destinations. */
    public static ServiceState empty(IpvsService config) {
        return new ServiceState(config, IpvsStats.ZERO, TreePMap.empty());
    }

    public ServiceState withConfig(IpvsService newConfig) {
        return new ServiceState(newConfig, stats, destinations);
    }

    /** With this destination added, or replaced with its counters kept. */
    public ServiceState with(IpvsDestination destination) {
        DestinationState known = destinations.get(destination.key());
        DestinationState next = known == null ? DestinationState.idle(destination) : known.withConfig(destination);
        return new ServiceState(config, stats, destinations.plus(destination.key(), next));
    }

    public ServiceState without(DestinationKey key) {
        return new ServiceState(config, stats, destinations.minus(key));
    }
}
