package io.lvsd.core.plan;

import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * Row numbers of services and destinations in LVS-MIB: assigned from 1 at first sight and kept by identity, so that a graph
 * never shows another server.
 *
 * @param services number of each service that was seen and is not forgotten
 * @param destinations likewise within each service
 */
public record RowNumbers(
        PMap<ServiceKey, Integer> services, PMap<ServiceKey, PMap<DestinationKey, Integer>> destinations) {
    public static final RowNumbers NONE = new RowNumbers(HashTreePMap.empty(), HashTreePMap.empty());

    /** Copies the numbers. */
    public static RowNumbers of(
            Map<ServiceKey, Integer> services, Map<ServiceKey, ? extends Map<DestinationKey, Integer>> destinations) {
        PMap<ServiceKey, PMap<DestinationKey, Integer>> copy = HashTreePMap.empty();
        for (var entry : destinations.entrySet()) {
            copy = copy.plus(entry.getKey(), HashTreePMap.from(entry.getValue()));
        }
        return new RowNumbers(HashTreePMap.from(services), copy);
    }

    /** With numbers for these services and their destinations, in this order; those that have one keep it. */
    public RowNumbers with(Map<ServiceKey, ? extends Collection<DestinationKey>> seen) {
        PMap<ServiceKey, Integer> nextServices = numbered(services, seen.keySet());
        PMap<ServiceKey, PMap<DestinationKey, Integer>> nextDestinations = destinations;
        for (var entry : seen.entrySet()) {
            PMap<DestinationKey, Integer> known = destinations.getOrDefault(entry.getKey(), HashTreePMap.empty());
            PMap<DestinationKey, Integer> rows = numbered(known, entry.getValue());
            if (!rows.equals(known)) {
                nextDestinations = nextDestinations.plus(entry.getKey(), rows);
            }
        }
        boolean same = nextServices.equals(services) && nextDestinations.equals(destinations);
        return same ? this : new RowNumbers(nextServices, nextDestinations);
    }

    /** Assigns to each new key the smallest unused number. */
    private static <K> PMap<K, Integer> numbered(PMap<K, Integer> numbers, Collection<K> keys) {
        Set<K> added = new LinkedHashSet<>();
        for (K key : keys) {
            if (!numbers.containsKey(key)) {
                added.add(key);
            }
        }
        if (added.isEmpty()) {
            return numbers;
        }
        int limit = numbers.size() + added.size();
        BitSet taken = new BitSet();
        numbers.values().stream().filter(n -> n >= 0 && n <= limit).forEach(taken::set);
        PMap<K, Integer> next = numbers;
        int number = 0;
        for (K key : added) {
            number = taken.nextClearBit(number + 1);
            next = next.plus(key, number);
        }
        return next;
    }

    /** The number of a destination, or 0. */
    public int of(ServiceKey service, DestinationKey destination) {
        PMap<DestinationKey, Integer> rows = destinations.get(service);
        return rows == null ? 0 : rows.getOrDefault(destination, 0);
    }

    /** The number of a service, or 0. */
    public int of(ServiceKey service) {
        return services.getOrDefault(service, 0);
    }
}
