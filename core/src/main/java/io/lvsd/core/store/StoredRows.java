package io.lvsd.core.store;

import io.lvsd.core.plan.Numbers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
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
        Map<K, Integer> numbers = numbers(rows, row -> row.isValid(today));
        Map<K, Map<M, Integer>> within = new HashMap<>();
        members.forEach((key, known) -> {
            Map<M, Integer> valid = numbers(known, row -> row.isValid(today));
            if (!valid.isEmpty() && numbers.containsKey(key)) {
                within.put(key, valid);
            }
        });
        return Numbers.of(numbers, within);
    }

    /** The numbers that were not; members of a key that has expired are not listed. */
    Numbers<K, M> expired(long today) {
        Map<K, Integer> numbers = numbers(rows, row -> !row.isValid(today));
        Map<K, Map<M, Integer>> within = new HashMap<>();
        members.forEach((key, known) -> {
            Map<M, Integer> expired = numbers(known, row -> !row.isValid(today));
            if (!expired.isEmpty() && !numbers.containsKey(key)) {
                within.put(key, expired);
            }
        });
        return Numbers.of(numbers, within);
    }

    private static <T> Map<T, Integer> numbers(Map<T, Row> known, Predicate<Row> wanted) {
        Map<T, Integer> numbers = new HashMap<>();
        known.forEach((key, row) -> {
            if (wanted.test(row)) {
                numbers.put(key, row.number());
            }
        });
        return numbers;
    }

    /** Forgets the numbers that were not used within the 90 days before a day. */
    void forget(long today) {
        rows.values().removeIf(row -> !row.isValid(today));
        members.keySet().retainAll(rows.keySet());
        members.values().forEach(known -> known.values().removeIf(row -> !row.isValid(today)));
        members.values().removeIf(Map::isEmpty);
    }

    /** Records of everything. */
    List<StoreRecord> records(KeyRecord<K> ofKey, MemberRecord<K, M> ofMember) {
        List<StoreRecord> records = new ArrayList<>();
        rows.forEach((key, row) -> records.add(ofKey.of(key, row.number(), row.day())));
        members.forEach((key, known) ->
                known.forEach((member, row) -> records.add(ofMember.of(key, member, row.number(), row.day()))));
        return records;
    }

    /** Records of the numbers that are new or changed; a changed one keeps its day. */
    List<StoreRecord> changes(Numbers<K, M> numbers, long today, KeyRecord<K> ofKey, MemberRecord<K, M> ofMember) {
        return records(
                numbers,
                (known, number) -> known == null
                        ? Optional.of(new Row(number, today))
                        : Optional.of(new Row(number, known.day())).filter(next -> !next.equals(known)),
                ofKey,
                ofMember);
    }

    /** Records of the numbers that are in use today and were recorded on an earlier day. A day is never set back. */
    List<StoreRecord> uses(Numbers<K, M> numbers, long today, KeyRecord<K> ofKey, MemberRecord<K, M> ofMember) {
        return records(
                numbers,
                (known, number) -> Optional.of(new Row(number, known == null ? today : Math.max(today, known.day())))
                        .filter(next -> !next.equals(known)),
                ofKey,
                ofMember);
    }

    /** Decides what to record for a number. */
    private interface NextRow {
        Optional<Row> of(@Nullable Row known, int number);
    }

    private List<StoreRecord> records(
            Numbers<K, M> numbers, NextRow next, KeyRecord<K> ofKey, MemberRecord<K, M> ofMember) {
        List<StoreRecord> records = new ArrayList<>();
        numbers.rows()
                .forEach((key, number) -> next.of(rows.get(key), number)
                        .ifPresent(row -> records.add(ofKey.of(key, row.number(), row.day()))));
        numbers.members().forEach((key, within) -> {
            Map<M, Row> known = members.getOrDefault(key, Map.of());
            within.forEach((member, number) -> next.of(known.get(member), number)
                    .ifPresent(row -> records.add(ofMember.of(key, member, row.number(), row.day()))));
        });
        return records;
    }
}
