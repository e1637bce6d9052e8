package io.lvsd.core.metrics;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** A metric with one series, or several, for each row. */
record Column<R extends Row>(Family family, List<Cell<R>> cells) {
    /**
     * One series of a row.
     *
     * @param suffix of its name
     * @param label a further label, {@code name="value"}; empty: none
     * @param value not a number: the row has no such series
     */
    record Cell<R extends Row>(String suffix, String label, ToDoubleFunction<R> value) {}

    /** With one series for each row. */
    static <R extends Row> Column<R> of(Family family, ToDoubleFunction<R> value) {
        return new Column<>(family, List.of(new Cell<>("", "", value)));
    }

    /** With two series for each row, which differ in one label. */
    static <R extends Row> Column<R> of(
            Family family,
            String label,
            String first,
            ToDoubleFunction<R> firstValue,
            String second,
            ToDoubleFunction<R> secondValue) {
        return new Column<>(family, List.of(cell(label, first, firstValue), cell(label, second, secondValue)));
    }

    /** A series with a further label, whose value needs no escapes. */
    static <R extends Row> Cell<R> cell(String label, String labelValue, ToDoubleFunction<R> value) {
        return new Cell<>("", label + "=\"" + labelValue + "\"", value);
    }
}
