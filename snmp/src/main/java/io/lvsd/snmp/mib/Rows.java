package io.lvsd.snmp.mib;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.snmp4j.smi.OID;

/**
 * Rows in the order of their index, which has one or two numbers from 0 to 2147483647.
 *
 * @param <R> the type of a row
 */
final class Rows<R> {
    private static final int HALF = 32;
    private static final long LAST = Integer.MAX_VALUE;

    private final int length;
    private final long[] keys;
    private final List<R> rows;

    private Rows(int length, long[] keys, List<R> rows) {
        this.length = length;
        this.keys = keys;
        this.rows = rows;
    }

    /** Collects rows in any order; of those with the same index the first one counts. */
    static final class Builder<R> {
        private final int length;
        private final List<Entry<R>> entries = new ArrayList<>();

        private record Entry<R>(long key, R row) {}

        /** @param length of the index, 1 or 2 */
        Builder(int length) {
            this.length = length;
        }

        void add(int first, R row) {
            entries.add(new Entry<>((long) first << HALF, row));
        }

        void add(int first, int second, R row) {
            entries.add(new Entry<>((long) first << HALF | second, row));
        }

        Rows<R> build() {
            entries.sort(Comparator.comparingLong(Entry::key));
            long[] keys = new long[entries.size()];
            List<R> rows = new ArrayList<>(keys.length);
            for (Entry<R> entry : entries) {
                if (rows.isEmpty() || keys[rows.size() - 1] != entry.key()) {
                    keys[rows.size()] = entry.key();
                    rows.add(entry.row());
                }
            }
            return new Rows<>(length, Arrays.copyOf(keys, rows.size()), rows);
        }
    }

    int size() {
        return keys.length;
    }

    R row(int place) {
        return rows.get(place);
    }

    /** The place of the row whose index an identifier has after {@code from} parts; negative if there is none. */
    int find(OID oid, int from) {
        if (oid.size() != from + length) {
            return -1;
        }
        long first = oid.getUnsigned(from);
        long second = length == 1 ? 0 : oid.getUnsigned(from + 1);
        return first > LAST || second > LAST ? -1 : Arrays.binarySearch(keys, first << HALF | second);
    }

    /**
     * The place of the first row after an identifier.
     *
     * @param from number of parts before the index; the identifier may end there or later
     * @param including whether a row of exactly that index counts
     * @return the number of rows if there is none
     */
    int after(OID oid, int from, boolean including) {
        int given = Math.min(length, oid.size() - from);
        if (given <= 0) {
            return 0;
        }
        long first = oid.getUnsigned(from);
        long second = given > 1 ? oid.getUnsigned(from + 1) : 0;
        if (first > LAST) {
            return keys.length;
        }
        if (second > LAST) {
            return first == LAST ? keys.length : place(first + 1 << HALF);
        }
        boolean whole = oid.size() == from + length;
        boolean itself = given < length || including && whole;
        return place((first << HALF | second) + (itself ? 0 : 1));
    }

    /** The place of the first row whose key is not less. */
    private int place(long key) {
        int found = Arrays.binarySearch(keys, key);
        return found >= 0 ? found : -found - 1;
    }

    /** The identifier of an instance. */
    OID instance(int[] entry, int column, int place) {
        int[] parts = Arrays.copyOf(entry, entry.length + 1 + length);
        parts[entry.length] = column;
        parts[entry.length + 1] = (int) (keys[place] >>> HALF);
        if (length > 1) {
            parts[entry.length + 2] = (int) keys[place];
        }
        return new OID(parts);
    }
}
