package io.lvsd.core.plan;

import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Row numbers of services and destinations in LVS-MIB: assigned from 1 at first sight and kept by identity, so that a graph
 * never shows another server.
 *
 * @param services number of each service that was seen and is not forgotten
 * @param destinations likewise within each service
 */
public record RowNumbers(
        Map<ServiceKey, Integer> services, Map<ServiceKey, Map<DestinationKey, Integer>> destinations) {
    public static final RowNumbers NONE = new RowNumbers(Map.of(), Map.of());

    public RowNumbers {
        services = Map.copyOf(services);
        destinations = Map.copyOf(destinations);
    }

    /** With numbers for these services and their destinations, in this order; those that have one keep it. */
    public RowNumbers with(Map<ServiceKey, ? extends Collection<DestinationKey>> seen) {
        if (knowsAll(seen)) {
            return this;
        }
        Map<ServiceKey, Integer> nextServices = new HashMap<>(services);
        Map<ServiceKey, Map<DestinationKey, Integer>> nextDestinations = new HashMap<>(destinations);
        number(nextServices, seen.keySet());
        seen.forEach((service, keys) -> {
            Map<DestinationKey, Integer> rows = new HashMap<>(nextDestinations.getOrDefault(service, Map.of()));
            number(rows, keys);
            nextDestinations.put(service, Map.copyOf(rows));
        });
        return new RowNumbers(nextServices, nextDestinations);
    }

    private boolean knowsAll(Map<ServiceKey, ? extends Collection<DestinationKey>> seen) {
        return seen.entrySet().stream()
                .allMatch(e -> services.containsKey(e.getKey())
                        && destinations
                                .getOrDefault(e.getKey(), Map.of())
                                .keySet()
                                .containsAll(e.getValue()));
    }

    /** Assigns to each new key the smallest unused number. */
    private static <K> void number(Map<K, Integer> numbers, Collection<K> keys) {
        Set<Integer> taken = new HashSet<>(numbers.values());
        int next = 1;
        for (K key : keys) {
            if (!numbers.containsKey(key)) {
                while (!taken.add(next)) {
                    next++;
                }
                numbers.put(key, next);
            }
        }
    }

    /** The number of a destination, or 0. */
    public int of(ServiceKey service, DestinationKey destination) {
        return destinations.getOrDefault(service, Map.of()).getOrDefault(destination, 0);
    }

    /** The number of a service, or 0. */
    public int of(ServiceKey service) {
        return services.getOrDefault(service, 0);
    }
}
