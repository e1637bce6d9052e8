package io.lvsd.core.store;

import io.lvsd.core.plan.Numbers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Row numbers as the store has them, with the last day on which each was used. Used by one thread.
 *
 * @param <K> the type of a key
 * @param <M> the type of a member of a key
 */
final class StoredRows<K, M> {
    /** A row number that was not used for this time is assigned again. */
    private static final long FORGET_DAYS = 90;

    private final Map<K, Row> rows = new LinkedHashMap<>();
    private final Map<K, Map<M, Row>> members = new LinkedHashMap<>();

    private record Row(int number, long day) {
        boolean isValid(long today) {
            return today - day <= FORGET_DAYS;
        }
    }

    /** Makes the record of a key. */
    interface KeyRecord<K> {
        StoreRecord of(K key, int number, long day);
    }

    /** Makes the record of a member. */
    interface MemberRecord<K, M> {
        StoreRecord of(K key, M member, int number, long day);
    }

    void put(K key, int number, long day) {
        rows.put(key, new Row(number, day));
    }

    void put(K key, M member, int number, long day) {
        members.computeIfAbsent(key, _ -> new LinkedHashMap<>()).put(member, new Row(number, day));
    }

    /** The numbers that were used within the last 90 days. */
    Numbers<K, M> valid(long today) {
        Map<K, Integer> numbers = valid(rows, today);
        Map<K, Map<M, Integer>> within = new HashMap<>();
        members.forEach((key, known) -> within.put(key, numbers.containsKey(key) ? valid(known, today) : Map.of()));
        return Numbers.of(numbers, within);
    }

    private static <T> Map<T, Integer> valid(Map<T, Row> known, long today) {
        Map<T, Integer> numbers = new HashMap<>();
        known.forEach((key, row) -> {
            if (row.isValid(today)) {
                numbers.put(key, row.number());
            }
        });
        return numbers;
    }

    /** Records of everything. */
    List<StoreRecord> records(KeyRecord<K> ofKey, MemberRecord<K, M> ofMember) {
        List<StoreRecord> records = new ArrayList<>();
        rows.forEach((key, row) -> records.add(ofKey.of(key, row.number(), row.day())));
        members.forEach((key, known) ->
                known.forEach((member, row) -> records.add(ofMember.of(key, member, row.number(), row.day()))));
        return records;
    }

    /** Records of the numbers that are new or were last recorded on another day. */
    List<StoreRecord> changes(Numbers<K, M> numbers, long today, KeyRecord<K> ofKey, MemberRecord<K, M> ofMember) {
        List<StoreRecord> records = new ArrayList<>();
        numbers.rows().forEach((key, number) -> {
            if (differs(rows.get(key), number, today)) {
                records.add(ofKey.of(key, number, today));
            }
        });
        numbers.members()
                .forEach((key, within) -> within.forEach((member, number) -> {
                    if (differs(members.getOrDefault(key, Map.of()).get(member), number, today)) {
                        records.add(ofMember.of(key, member, number, today));
                    }
                }));
        return records;
    }

    private static boolean differs(@Nullable Row known, int number, long today) {
        return known == null || known.number() != number || known.day() != today;
    }
}
