package io.lvsd.core.metrics;

import io.lvsd.core.metrics.VirtualServerRow.Changes;
import io.lvsd.core.model.CheckState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A check of a real server.
 *
 * @param lastDuration of the last probe, in seconds; not a number before the first one
 */
record CheckRow(Labels labels, CheckState state, Changes changes, double lastDuration, CheckStats.Counts counts)
        implements Row {
    /** The metrics of checks, the most important ones first. */
    static final List<Column<CheckRow>> COLUMNS = List.of(
            Column.of(
                    Family.gauge("lvsd_check_up", "Whether the check is up; presumed until it has a result"),
                    r -> r.state.up() ? 1 : 0),
            Column.of(
                    Family.gauge(
                            "lvsd_check_certificate_expiry_timestamp_seconds",
                            "End of validity of the last certificate that the real server presented"),
                    r -> r.state.certificateEnds().isPresent()
                            ? WallTime.seconds(r.state.certificateEnds().get())
                            : Double.NaN),
            Column.of(
                    Family.counter(
                            "lvsd_check_probe_failures_total",
                            "Failed probes of the check, those included that are tolerated"),
                    r -> r.counts.failures()),
            Column.of(
                    Family.gauge("lvsd_check_last_probe_duration_seconds", "Duration of the last probe of the check"),
                    r -> r.lastDuration),
            Column.of(
                    Family.counter("lvsd_check_transitions_total", "Changes of the state of the check"),
                    "to",
                    "up",
                    r -> r.changes.ups(),
                    "down",
                    r -> r.changes.downs()));

    /** The durations of probes of single checks, which are counted only if that is configured. */
    static final Column<CheckRow> DURATIONS = new Column<>(
            Family.histogram(
                    "lvsd_check_probe_duration_seconds",
                    "Duration of the probes of the check; with per_check_histogram"),
            durations());

    private static List<Column.Cell<CheckRow>> durations() {
        List<Column.Cell<CheckRow>> cells = new ArrayList<>();
        int bounds = CheckStats.BOUNDS.size();
        for (int i = 0; i <= bounds; i++) {
            int bound = i;
            String le = bound == bounds ? "+Inf" : String.valueOf(CheckStats.BOUNDS.get(bound));
            cells.add(new Column.Cell<>("_bucket", "le=\"" + le + "\"", r -> r.counts.upTo(bound)));
        }
        return Stream.concat(
                        cells.stream(),
                        Stream.of(
                                new Column.Cell<CheckRow>("_count", "", r -> r.counts.upTo(bounds)),
                                new Column.Cell<CheckRow>("_sum", "", r -> r.counts.seconds())))
                .toList();
    }
}
