package io.lvsd.ipvs.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** A service as the kernel reports it, with its destinations by key. */
public record ServiceState(
        IpvsService config, IpvsStats stats, SortedMap<DestinationKey, DestinationState> destinations) {
    public ServiceState {
        destinations = Collections.unmodifiableSortedMap(new TreeMap<>(destinations));
    }

    /** A service without destinations. */
    public static ServiceState empty(IpvsService config) {
        return new ServiceState(config, IpvsStats.ZERO, new TreeMap<>());
    }

    public ServiceState withConfig(IpvsService newConfig) {
        return new ServiceState(newConfig, stats, destinations);
    }

    /** With this destination added, or replaced with its counters kept. */
    public ServiceState with(IpvsDestination destination) {
        SortedMap<DestinationKey, DestinationState> next = new TreeMap<>(destinations);
        DestinationState known = next.get(destination.key());
        next.put(destination.key(), known == null ? DestinationState.idle(destination) : known.withConfig(destination));
        return new ServiceState(config, stats, next);
    }

    public ServiceState without(DestinationKey key) {
        SortedMap<DestinationKey, DestinationState> next = new TreeMap<>(destinations);
        next.remove(key);
        return new ServiceState(config, stats, next);
    }
}
