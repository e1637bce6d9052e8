package io.lvsd.core.metrics;

import io.lvsd.core.engine.ShadowTable;
import io.lvsd.core.engine.ShadowTable.Open;
import io.lvsd.core.plan.TableDifference.Kind;
import io.lvsd.ipvs.model.DestinationKey;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.LongToDoubleFunction;

/** The metrics of shadow mode: differences between the wanted table and that of the program which maintains it. Pure. */
final class ShadowTables {
    private ShadowTables() {}

    /** @param wall converts monotonic nanoseconds to seconds since 1970 */
    static List<Table<?>> of(ShadowTable table, LongToDoubleFunction wall) {
        List<Row.Single> byKind = Arrays.stream(Kind.values())
                .map(kind -> new Row.Single(
                        Labels.of("kind", word(kind)),
                        table.open().stream()
                                .filter(o -> o.difference().kind() == kind)
                                .count()))
                .toList();
        List<Row.Single> open = table.open().stream()
                .sorted(Comparator.comparing(
                                (Open o) -> o.difference().subject().service())
                        .thenComparing(ShadowTables::destination))
                .map(o -> new Row.Single(labels(o), wall.applyAsDouble(o.since())))
                .toList();
        return List.of(
                Table.of(
                        Family.gauge(
                                "lvsd_shadow_differences",
                                "Present differences between the wanted table and that of the other program, by kind"),
                        byKind),
                Table.of(
                        Family.gauge(
                                "lvsd_shadow_difference_since_timestamp_seconds",
                                "When a present difference began; opened_by names the side whose change opened it"),
                        open));
    }

    private static Labels labels(Open open) {
        return Labels.of(
                "service",
                open.difference().subject().service().toString(),
                "destination",
                destination(open),
                "kind",
                word(open.difference().kind()),
                "opened_by",
                word(open.first()));
    }

    /** Empty if the service itself differs. */
    private static String destination(Open open) {
        return open.difference()
                .subject()
                .destination()
                .map(DestinationKey::toString)
                .orElse("");
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
