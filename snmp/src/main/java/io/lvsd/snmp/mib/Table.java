package io.lvsd.snmp.mib;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/**
 * A table of one moment. Values are computed when they are requested. The next instance is found by binary search, also in
 * columns that only some rows have.
 *
 * @param <R> the type of a row
 */
final class Table<R> implements Node {
    private static final int SERVER_WEIGHT = 7;

    private final OID entry;
    private final List<Column<R>> columns;
    private final Rows<R> rows;
    private final @Nullable Function<R, Optional<Weight>> weights;
    /** Places of the rows for which a predicate of columns is true, in order. Guarded by itself. */
    private final IdentityHashMap<Predicate<R>, int[]> places = new IdentityHashMap<>();

    /**
     * @param entry the identifier of the entry, whose next part is the column
     * @param columns by increasing number
     */
    Table(OID entry, List<Column<R>> columns, Rows<R> rows) {
        this(entry, columns, rows, null);
    }

    /** @param weights whose weight the column realServerWeight of a row is */
    Table(OID entry, List<Column<R>> columns, Rows<R> rows, @Nullable Function<R, Optional<Weight>> weights) {
        this.entry = entry;
        this.columns = columns;
        this.rows = rows;
        this.weights = weights;
    }

    @Override
    public OID base() {
        return entry;
    }

    @Override
    public Variable get(OID oid) {
        Column<R> column = oid.size() > entry.size() ? column(oid.getUnsigned(entry.size())) : null;
        if (column == null) {
            return Null.noSuchObject;
        }
        int place = rows.find(oid, entry.size() + 1);
        if (place < 0) {
            return Null.noSuchInstance;
        }
        R row = rows.row(place);
        return column.present() == null || column.present().test(row)
                ? column.value().apply(row)
                : Null.noSuchInstance;
    }

    private @Nullable Column<R> column(long number) {
        int index = firstColumn(number);
        return index < columns.size() && columns.get(index).number() == number ? columns.get(index) : null;
    }

    /** The index of the first column whose number is not less. */
    private int firstColumn(long number) {
        int low = 0;
        int high = columns.size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (columns.get(middle).number() < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public @Nullable VariableBinding next(OID oid, boolean including, boolean narrow) {
        boolean inside = oid.size() > entry.size() && oid.startsWith(entry);
        if (!inside && oid.compareTo(entry) > 0 || rows.size() == 0) {
            return null;
        }
        long number = inside ? oid.getUnsigned(entry.size()) : 0;
        for (int i = firstColumn(number); i < columns.size(); i++) {
            Column<R> column = columns.get(i);
            int from = column.number() == number ? rows.after(oid, entry.size() + 1, including) : 0;
            int place = narrow && column.wide() ? rows.size() : firstPresent(column, from);
            if (place < rows.size()) {
                OID instance = rows.instance(entry.getValue(), column.number(), place);
                return new VariableBinding(instance, column.value().apply(rows.row(place)));
            }
        }
        return null;
    }

    /** The first place from {@code from} on whose row has an instance in a column; the number of rows if there is none. */
    private int firstPresent(Column<R> column, int from) {
        Predicate<R> present = column.present();
        if (present == null) {
            return from;
        }
        int[] all = places(present);
        int found = Arrays.binarySearch(all, from);
        int index = found >= 0 ? found : -found - 1;
        return index < all.length ? all[index] : rows.size();
    }

    private int[] places(Predicate<R> present) {
        synchronized (places) {
            return places.computeIfAbsent(
                    present,
                    p -> IntStream.range(0, rows.size())
                            .filter(place -> p.test(rows.row(place)))
                            .toArray());
        }
    }

    @Override
    public Optional<Weight> weight(OID oid) {
        boolean isWeight = weights != null
                && oid.startsWith(entry)
                && oid.size() > entry.size()
                && oid.get(entry.size()) == SERVER_WEIGHT;
        int place = isWeight ? rows.find(oid, entry.size() + 1) : -1;
        return place < 0 || weights == null ? Optional.empty() : weights.apply(rows.row(place));
    }
}
