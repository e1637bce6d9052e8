package io.lvsd.snmp.mib;

import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.snmp4j.smi.Variable;

/**
 * A column of a table.
 *
 * @param number last part of its identifier, 1 or more
 * @param wide whether its type is Counter64, which SNMPv1 does not have
 * @param present rows that have an instance; the same object for columns that have the same rows; null: all
 * @param value called for rows that have an instance
 * @param <R> the type of a row
 */
record Column<R>(int number, boolean wide, @Nullable Predicate<R> present, Function<R, Variable> value) {
    static <R> Column<R> of(int number, Function<R, Variable> value) {
        return new Column<>(number, false, null, value);
    }

    static <R> Column<R> wide(int number, Function<R, Variable> value) {
        return new Column<>(number, true, null, value);
    }

    /** The same for some of the rows. */
    Column<R> where(Predicate<R> rows) {
        return new Column<>(number, wide, rows, value);
    }
}
