package io.lvsd.core.metrics;

import io.lvsd.core.model.VsState;
import java.util.List;

/**
 * A virtual server.
 *
 * @param changes of its state
 * @param servers its real servers by state
 * @param services what its services have in the table
 */
record VirtualServerRow(
        Labels labels,
        VsState state,
        boolean suspended,
        Changes changes,
        Servers servers,
        Services services,
        Sorry sorry)
        implements Row {
    /**
     * Changes of a state.
     *
     * @param since when the state began, in seconds since 1970; not a number if it never changed
     * @param ups changes to up, or to in use
     * @param downs changes to down, or to not in use
     */
    record Changes(double since, long ups, long downs) {}

    /**
     * Real servers, each in one state.
     *
     * @param pending checks without a result
     */
    record Servers(int up, int down, int drained, int disabled, int pending) {}

    /**
     * Its services in the table.
     *
     * @param missing services that are not in the table
     * @param drift differences between programmed and present
     * @param draining destinations that are being removed while healthy
     * @param connections their active connections
     */
    record Services(int missing, int drift, int draining, long connections) {}

    /** Its sorry server; {@code changes} are those between in use and not in use. */
    record Sorry(boolean configured, boolean active, boolean usable, Changes changes) {
        double ifConfigured(double value) {
            return configured ? value : Double.NaN;
        }
    }

    /** The metrics of virtual servers, the most important ones first. */
    static final List<Column<VirtualServerRow>> COLUMNS = List.of(
            Column.of(
                    Family.gauge("lvsd_virtual_server_up", "Whether the quorum of the virtual server is up"),
                    r -> number(r.state.quorumUp())),
            Column.of(
                    Family.gauge(
                            "lvsd_virtual_server_maintenance", "Whether the virtual server is in planned maintenance"),
                    r -> number(r.state.maintenance().isPresent())),
            Column.of(
                    Family.gauge(
                            "lvsd_virtual_server_sorry_server_active",
                            "Whether the sorry server takes the connections of the virtual server"),
                    r -> r.sorry.ifConfigured(number(r.sorry.active))),
            Column.of(
                    Family.gauge(
                            "lvsd_virtual_server_sorry_server_usable",
                            "Whether the sorry server can be used when the quorum is lost"),
                    r -> r.sorry.ifConfigured(number(r.sorry.usable))),
            Column.of(
                    Family.gauge(
                            "lvsd_virtual_server_sorry_server_changed_timestamp_seconds",
                            "When the sorry server was last activated or deactivated; absent before the first time"),
                    r -> r.sorry.changes.since),
            Column.of(
                    Family.counter(
                            "lvsd_virtual_server_sorry_server_activations_total", "Activations of the sorry server"),
                    r -> r.sorry.ifConfigured((double) r.sorry.changes.ups)),
            Column.of(
                    Family.gauge(
                            "lvsd_virtual_server_live_weight", "Weight of the real servers that count for the quorum"),
                    r -> r.state.liveWeight()),
            Column.of(
                    Family.gauge("lvsd_virtual_server_quorum", "Configured quorum"),
                    r -> r.state.config().quorum()),
            Column.of(
                    Family.gauge("lvsd_virtual_server_hysteresis", "Configured hysteresis of the quorum"),
                    r -> r.state.config().hysteresis()),
            new Column<>(
                    Family.gauge(
                            "lvsd_virtual_server_real_servers",
                            "Real servers by state: up or down, or taken out by an operator as drained or disabled"),
                    List.of(
                            Column.cell("state", "up", r -> r.servers.up),
                            Column.cell("state", "down", r -> r.servers.down),
                            Column.cell("state", "drained", r -> r.servers.drained),
                            Column.cell("state", "disabled", r -> r.servers.disabled))),
            Column.of(
                    Family.gauge(
                            "lvsd_virtual_server_state_changed_timestamp_seconds",
                            "When the state of the virtual server began"),
                    r -> r.changes.since),
            Column.of(
                    Family.counter(
                            "lvsd_virtual_server_transitions_total", "Changes of the state of the virtual server"),
                    "to",
                    "up",
                    r -> r.changes.ups,
                    "down",
                    r -> r.changes.downs),
            Column.of(
                    Family.gauge(
                            "lvsd_virtual_server_missing_services",
                            "Services of the virtual server that are not in the table"),
                    r -> r.services.missing),
            Column.of(
                    Family.gauge(
                            "lvsd_virtual_server_drift",
                            "Present differences between the table and what lvsd programmed"),
                    r -> r.services.drift),
            Column.of(
                    Family.gauge(
                            "lvsd_virtual_server_draining_destinations",
                            "Healthy destinations that are removed when their connections have ended"),
                    r -> r.services.draining),
            Column.of(
                    Family.gauge(
                            "lvsd_virtual_server_draining_connections",
                            "Active connections of the destinations that are being removed"),
                    r -> r.services.connections),
            Column.of(
                    Family.gauge("lvsd_virtual_server_pending_checks", "Checks of the virtual server without a result"),
                    r -> r.servers.pending),
            Column.of(
                    Family.gauge(
                            "lvsd_virtual_server_panic",
                            "Whether failed real servers receive connections because of panic_threshold"),
                    r -> number(r.state.panics())),
            Column.of(
                    Family.gauge(
                            "lvsd_virtual_server_suspended",
                            "Whether checks are suspended because no virtual address is on this host"),
                    r -> number(r.suspended)));

    private static double number(boolean value) {
        return value ? 1 : 0;
    }
}
