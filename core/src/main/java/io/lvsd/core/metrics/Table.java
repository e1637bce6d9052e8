package io.lvsd.core.metrics;

import java.util.List;

/** Metrics with the same rows, in the order of their importance: those that a limit drops are the last ones. */
record Table<R extends Row>(List<R> rows, List<Column<R>> columns) {
    /** One metric with one series for each row. */
    static Table<Row.Single> of(Family family, List<Row.Single> rows) {
        return new Table<>(rows, List.of(Column.of(family, Row.Single::value)));
    }

    /** One metric with one series without labels. */
    static Table<Row.Single> of(Family family, double value) {
        return of(family, List.of(new Row.Single(Labels.NONE, value)));
    }
}
