package io.lvsd.core.metrics;

/** What has a series in each column of a {@link Table}. */
interface Row {
    Labels labels();

    /** A row with one value. */
    record Single(Labels labels, double value) implements Row {}
}
