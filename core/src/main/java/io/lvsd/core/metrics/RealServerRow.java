package io.lvsd.core.metrics;

import io.lvsd.core.metrics.VirtualServerRow.Changes;
import io.lvsd.core.model.RsOverride.Mode;
import io.lvsd.core.model.RsState;
import java.util.List;

/**
 * A real server of a virtual server.
 *
 * @param kernelWeight its weight in the first service of the virtual server; not a number if it is not in the table
 */
record RealServerRow(Labels labels, RsState state, Changes changes, double kernelWeight) implements Row {
    /** The metrics of real servers, the most important ones first. */
    static final List<Column<RealServerRow>> COLUMNS = List.of(
            Column.of(
                    Family.gauge(
                            "lvsd_real_server_up",
                            "Whether no check of the real server is down; presumed until its checks have a result"),
                    r -> r.state.alive() ? 1 : 0),
            Column.of(
                    Family.gauge(
                            "lvsd_real_server_weight_effective",
                            "Weight that the real server contributes to the live weight of its virtual server:"
                                + " configured, changed by checks, agent or override; 0 while it is down, drained or"
                                + " disabled"),
                    r -> r.state.effectiveWeight()),
            Column.of(
                    Family.gauge(
                            "lvsd_real_server_weight_kernel",
                            "Weight in the table, in the first service of the virtual server; absent if the real"
                                    + " server is not in it"),
                    r -> r.kernelWeight),
            Column.of(
                    Family.gauge("lvsd_real_server_weight_configured", "Weight in the configuration"),
                    r -> r.state.config().weight()),
            new Column<>(
                    Family.gauge(
                            "lvsd_real_server_override",
                            "1 while an operator overrides the real server; absent otherwise"),
                    List.of(
                            Column.cell(
                                    "mode",
                                    "drained",
                                    r -> present(r.state.override().mode() == Mode.DRAINED)),
                            Column.cell(
                                    "mode",
                                    "disabled",
                                    r -> present(r.state.override().mode() == Mode.DISABLED)),
                            Column.cell(
                                    "mode",
                                    "weight",
                                    r -> present(r.state.override().weight().isPresent())))),
            Column.of(
                    Family.gauge(
                            "lvsd_real_server_retained",
                            "1 while the real server stays in service although a reload removed it; absent otherwise"),
                    r -> present(r.state.isRetained())),
            Column.of(
                    Family.gauge(
                            "lvsd_real_server_state_changed_timestamp_seconds",
                            "When the state of the real server began"),
                    r -> r.changes.since()),
            Column.of(
                    Family.counter("lvsd_real_server_transitions_total", "Changes of the state of the real server"),
                    "to",
                    "up",
                    r -> r.changes.ups(),
                    "down",
                    r -> r.changes.downs()));

    private static double present(boolean value) {
        return value ? 1 : Double.NaN;
    }
}
