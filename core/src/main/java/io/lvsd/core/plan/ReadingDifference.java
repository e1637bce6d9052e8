package io.lvsd.core.plan;

import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedMap;

/**
 * What differs between two readings of the table, counters included. Readings share the objects that did not change, so an
 * unchanged service costs the comparison of two pointers.
 *
 * @param services those that differ, in their order
 */
public record ReadingDifference(List<Change<ServiceKey, ServiceState>> services) {
    /**
     * An entry that differs between two maps.
     *
     * @param was null if the first map does not have it
     * @param is null if the second map does not have it
     */
    public record Change<K, V>(
            K key, @Nullable V was, @Nullable V is) {}

    public ReadingDifference {
        services = List.copyOf(services);
    }

    /** Compares two readings. */
    public static ReadingDifference between(
            SortedMap<ServiceKey, ServiceState> before, SortedMap<ServiceKey, ServiceState> after) {
        return new ReadingDifference(changes(before, after));
    }

    /** Compares some services of two readings. */
    @SuppressWarnings("ReferenceEquality")
    public static ReadingDifference of(
            Collection<ServiceKey> services,
            Map<ServiceKey, ServiceState> before,
            Map<ServiceKey, ServiceState> after) {
        List<Change<ServiceKey, ServiceState>> changes = new ArrayList<>();
        for (ServiceKey key : new TreeSet<>(services)) {
            ServiceState was = before.get(key);
            ServiceState is = after.get(key);
            if (was != is) {
                changes.add(new Change<>(key, was, is));
            }
        }
        return new ReadingDifference(changes);
    }

    /**
     * A reading after some services were read again; the same object if none of them changed.
     *
     * @param keys the services that were read
     * @param found those of them that are in the table
     */
    @SuppressWarnings("ReferenceEquality")
    public static PSortedMap<ServiceKey, ServiceState> merged(
            PSortedMap<ServiceKey, ServiceState> before,
            Collection<ServiceKey> keys,
            Map<ServiceKey, ServiceState> found) {
        PSortedMap<ServiceKey, ServiceState> merged = before;
        for (ServiceKey key : keys) {
            ServiceState state = found.get(key);
            if (state == null) {
                merged = merged.minus(key);
            } else if (state != merged.get(key)) {
                merged = merged.plus(key, state);
            }
        }
        return merged;
    }

    /** The entries whose values are not the same object, of two maps in natural order. */
    @SuppressWarnings("ReferenceEquality")
    static <K extends Comparable<? super K>, V> List<Change<K, V>> changes(
            SortedMap<K, V> before, SortedMap<K, V> after) {
        List<Change<K, V>> changes = new ArrayList<>();
        if (before == after) {
            return changes;
        }
        Iterator<Map.Entry<K, V>> left = before.entrySet().iterator();
        Iterator<Map.Entry<K, V>> right = after.entrySet().iterator();
        Map.Entry<K, V> was = next(left);
        Map.Entry<K, V> is = next(right);
        while (was != null || is != null) {
            int order = order(was, is);
            if (order == 0 && was != null && is != null) {
                if (was.getValue() != is.getValue()) {
                    changes.add(new Change<>(is.getKey(), was.getValue(), is.getValue()));
                }
                was = next(left);
                is = next(right);
            } else if (was != null && order < 0) {
                changes.add(new Change<>(was.getKey(), was.getValue(), null));
                was = next(left);
            } else if (is != null) {
                changes.add(new Change<>(is.getKey(), null, is.getValue()));
                is = next(right);
            }
        }
        return changes;
    }

    private static <E> @Nullable E next(Iterator<E> entries) {
        return entries.hasNext() ? entries.next() : null;
    }

    /** Which entry comes first; one that is absent comes last. */
    @SuppressWarnings("ReferenceEquality")
    private static <K extends Comparable<? super K>, V> int order(
            Map.@Nullable Entry<K, V> was, Map.@Nullable Entry<K, V> is) {
        if (was == null) {
            return 1;
        }
        if (is == null) {
            return -1;
        }
        return was.getKey() == is.getKey() ? 0 : was.getKey().compareTo(is.getKey());
    }

    /** Whether a service has the same settings and the same destinations, whatever their counters. */
    @SuppressWarnings("ReferenceEquality")
    public static boolean isSameConfig(@Nullable ServiceState one, @Nullable ServiceState other) {
        if (one == other) {
            return true;
        }
        return one != null
                && other != null
                && one.config().equals(other.config())
                && haveSameConfig(one.destinations(), other.destinations());
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean haveSameConfig(
            SortedMap<DestinationKey, DestinationState> one, SortedMap<DestinationKey, DestinationState> other) {
        if (one == other) {
            return true;
        }
        if (one.size() != other.size()) {
            return false;
        }
        Iterator<DestinationState> states = other.values().iterator();
        for (DestinationState left : one.values()) {
            DestinationState right = states.next();
            if (left != right
                    && left.config() != right.config()
                    && !left.config().equals(right.config())) {
                return false;
            }
        }
        return true;
    }
}
