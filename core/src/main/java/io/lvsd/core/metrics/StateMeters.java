package io.lvsd.core.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Meters of Micrometer with the values of tables, for registries that send metrics. An update registers the meters of new rows
 * and removes those of rows that are gone. Histograms have no meters. Used by one thread at a time.
 */
final class StateMeters {
    private final MeterRegistry registry;
    private final Map<Key, Value> values = new HashMap<>();
    private long round;

    StateMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    private record Key(String name, String label, List<String> labels) {}

    /** The value of one meter. */
    private static final class Value {
        private final Meter meter;
        private volatile double current;
        private long round;

        Value(MeterRegistry registry, Family family, Tags tags) {
            boolean counter = family.type() == Family.Type.COUNTER;
            String name = name(family.name());
            String unit = unit(family.name());
            meter = counter
                    ? FunctionCounter.builder(name, this, v -> v.current)
                            .description(family.help())
                            .baseUnit(unit)
                            .tags(tags)
                            .register(registry)
                    : Gauge.builder(name, this, v -> v.current)
                            .description(family.help())
                            .baseUnit(unit)
                            .tags(tags)
                            .register(registry);
        }
    }

    /** Micrometer adds unit and suffix again where the receiver expects them. */
    private static String name(String name) {
        return name.replaceAll("(_seconds|_bytes)?(_total|_info)?$", "").replace('_', '.');
    }

    private static String unit(String name) {
        return name.contains("_seconds") ? "seconds" : name.contains("_bytes") ? "bytes" : "";
    }

    /**
     * Takes over the present tables.
     *
     * @param limit number of meters; further series are left out
     */
    void update(List<Table<?>> tables, long limit) {
        round++;
        for (Table<?> table : tables) {
            update(table, limit);
        }
        values.values().removeIf(value -> {
            boolean gone = value.round != round;
            if (gone) {
                registry.remove(value.meter);
            }
            return gone;
        });
    }

    private <R extends Row> void update(Table<R> table, long limit) {
        for (Column<R> column : table.columns()) {
            if (column.family().type() != Family.Type.HISTOGRAM) {
                for (R row : table.rows()) {
                    for (Column.Cell<R> cell : column.cells()) {
                        update(
                                column.family(),
                                cell.label(),
                                row.labels(),
                                cell.value().applyAsDouble(row),
                                limit);
                    }
                }
            }
        }
    }

    private void update(Family family, String label, Labels labels, double current, long limit) {
        if (Double.isNaN(current)) {
            return;
        }
        List<String> pairs = labels.pairs();
        Key key = new Key(family.name(), label, pairs);
        Value value = values.get(key);
        if (value == null) {
            if (values.size() >= limit) {
                return;
            }
            value = new Value(registry, family, tags(pairs, label));
            values.put(key, value);
        }
        value.current = current;
        value.round = round;
    }

    /** @param label of a cell, {@code name="value"}; empty: none */
    private static Tags tags(List<String> pairs, String label) {
        Tags tags = Tags.of(pairs.toArray(String[]::new));
        int equals = label.indexOf('=');
        return equals < 0
                ? tags
                : tags.and(label.substring(0, equals), label.substring(equals + 2, label.length() - 1));
    }

    /** The number of meters. */
    int size() {
        return values.size();
    }
}
