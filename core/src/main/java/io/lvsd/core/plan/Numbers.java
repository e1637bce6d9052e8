package io.lvsd.core.plan;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * Numbers of rows, and of their members within each row. A number stays with its key; a pinned number goes to its key, and the key that
 * had it gets another one.
 *
 * @param rows number of each key that was seen and is not forgotten
 * @param members likewise within each key
 * @param <K> the type of a key
 * @param <M> the type of a member
 */
public record Numbers<K, M>(PMap<K, Integer> rows, PMap<K, PMap<M, Integer>> members) {
    /** No numbers. */
    public static <K, M> Numbers<K, M> none() {
        return new Numbers<>(HashTreePMap.empty(), HashTreePMap.empty());
    }

    /** Copies the numbers. */
    public static <K, M> Numbers<K, M> of(Map<K, Integer> rows, Map<K, ? extends Map<M, Integer>> members) {
        PMap<K, PMap<M, Integer>> copy = HashTreePMap.empty();
        for (var entry : members.entrySet()) {
            copy = copy.plus(entry.getKey(), HashTreePMap.from(entry.getValue()));
        }
        return new Numbers<>(HashTreePMap.from(rows), copy);
    }

    /**
     * Numbers that the configuration demands.
     *
     * @param rows of keys
     * @param members of members of each key
     */
    public record Pins<K, M>(Map<K, Integer> rows, Map<K, Map<M, Integer>> members) {
        public Pins {
            rows = Map.copyOf(rows);
            members = Map.copyOf(members);
        }

        public static <K, M> Pins<K, M> none() {
            return new Pins<>(Map.of(), Map.of());
        }
    }

    /** With numbers for these keys and their members, in this order; those that have one keep it, unless it is pinned. */
    public Numbers<K, M> with(Map<K, ? extends Collection<M>> seen, Pins<K, M> pins) {
        PMap<K, Integer> nextRows = numbered(rows, seen.keySet(), pins.rows());
        PMap<K, PMap<M, Integer>> nextMembers = members;
        for (var entry : seen.entrySet()) {
            PMap<M, Integer> known = members.getOrDefault(entry.getKey(), HashTreePMap.empty());
            Map<M, Integer> pinned = pins.members().getOrDefault(entry.getKey(), Map.of());
            PMap<M, Integer> numbers = numbered(known, entry.getValue(), pinned);
            if (!numbers.equals(known)) {
                nextMembers = nextMembers.plus(entry.getKey(), numbers);
            }
        }
        boolean same = nextRows.equals(rows) && nextMembers.equals(members);
        return same ? this : new Numbers<>(nextRows, nextMembers);
    }

    /** The numbers of these keys and of these members of them. */
    public Numbers<K, M> only(Map<K, ? extends Collection<M>> used) {
        Map<K, Map<M, Integer>> within = new HashMap<>();
        used.forEach((key, names) -> {
            Map<M, Integer> numbers = selected(members.getOrDefault(key, HashTreePMap.empty()), names);
            if (rows.containsKey(key) && !numbers.isEmpty()) {
                within.put(key, numbers);
            }
        });
        return of(selected(rows, used.keySet()), within);
    }

    private static <T> Map<T, Integer> selected(PMap<T, Integer> numbers, Collection<T> keys) {
        Map<T, Integer> selected = new HashMap<>();
        for (T key : keys) {
            Integer number = numbers.get(key);
            if (number != null) {
                selected.put(key, number);
            }
        }
        return selected;
    }

    /**
     * Without what is expired; a key is removed with its members.
     *
     * @param used what is kept although it is expired
     */
    public Numbers<K, M> without(Numbers<K, M> expired, Numbers<K, M> used) {
        Set<K> keys = difference(expired.rows, used.rows);
        PMap<K, PMap<M, Integer>> nextMembers = members.minusAll(keys);
        for (var entry : expired.members().entrySet()) {
            PMap<M, Integer> known = nextMembers.get(entry.getKey());
            if (known != null) {
                PMap<M, Integer> kept = used.members().getOrDefault(entry.getKey(), HashTreePMap.empty());
                PMap<M, Integer> left = known.minusAll(difference(entry.getValue(), kept));
                nextMembers =
                        left.isEmpty() ? nextMembers.minus(entry.getKey()) : nextMembers.plus(entry.getKey(), left);
            }
        }
        return new Numbers<>(rows.minusAll(keys), nextMembers);
    }

    private static <T> Set<T> difference(Map<T, Integer> of, Map<T, Integer> without) {
        Set<T> difference = new HashSet<>(of.keySet());
        difference.removeAll(without.keySet());
        return difference;
    }

    /** Assigns the pinned numbers, then to each other new key the smallest unused number. */
    private static <T> PMap<T, Integer> numbered(PMap<T, Integer> numbers, Collection<T> keys, Map<T, Integer> pins) {
        Map<T, Integer> moved = new LinkedHashMap<>();
        keys.forEach(key -> {
            Integer pin = pins.get(key);
            if (pin != null && !pin.equals(numbers.get(key))) {
                moved.put(key, pin);
            }
        });
        Set<T> added = new LinkedHashSet<>();
        PMap<T, Integer> next = numbers;
        if (!moved.isEmpty()) {
            for (Map.Entry<T, Integer> entry : numbers.entrySet()) {
                if (moved.containsValue(entry.getValue()) && !moved.containsKey(entry.getKey())) {
                    next = next.minus(entry.getKey());
                    added.add(entry.getKey());
                }
            }
            next = next.plusAll(moved);
        }
        for (T key : keys) {
            if (!next.containsKey(key)) {
                added.add(key);
            }
        }
        return added.isEmpty() ? next : unused(next, added);
    }

    private static <T> PMap<T, Integer> unused(PMap<T, Integer> numbers, Set<T> added) {
        int limit = numbers.size() + added.size();
        BitSet taken = new BitSet();
        numbers.values().stream().filter(n -> n >= 0 && n <= limit).forEach(taken::set);
        PMap<T, Integer> next = numbers;
        int number = 0;
        for (T key : added) {
            number = taken.nextClearBit(number + 1);
            next = next.plus(key, number);
        }
        return next;
    }

    /** The number of a key, or 0. */
    public int of(K key) {
        return rows.getOrDefault(key, 0);
    }

    /** The number of a member, or 0. */
    public int of(K key, M member) {
        PMap<M, Integer> numbers = members.get(key);
        return numbers == null ? 0 : numbers.getOrDefault(member, 0);
    }
}
