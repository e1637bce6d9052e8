package io.lvsd.core.metrics;

/**
 * A metric: its series differ in their labels.
 *
 * @param name as in the text format: a counter ends with {@code _total}, an info with {@code _info}
 * @param help one sentence without a full stop at its end
 */
record Family(String name, Type type, String help) {
    /** The kind of a metric, as the text formats name it. */
    enum Type {
        /** A value that goes up and down. */
        GAUGE,
        /** A value that only grows. */
        COUNTER,
        /** Text in labels; its value is 1. */
        INFO,
        /** Counts of values up to each of several bounds. */
        HISTOGRAM
    }

    static Family gauge(String name, String help) {
        return new Family(name, Type.GAUGE, help);
    }

    static Family counter(String name, String help) {
        return new Family(name, Type.COUNTER, help);
    }

    static Family info(String name, String help) {
        return new Family(name, Type.INFO, help);
    }

    static Family histogram(String name, String help) {
        return new Family(name, Type.HISTOGRAM, help);
    }
}
