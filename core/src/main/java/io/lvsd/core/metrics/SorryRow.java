package io.lvsd.core.metrics;

import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.view.StatusInput;
import io.lvsd.sorryserver.SorryCounters;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A virtual server whose clients the built-in sorry server serves, or served since its start. */
record SorryRow(Labels labels, SorryCounters counters) implements Row {
    static final List<Column<SorryRow>> COLUMNS = List.of(
            Column.of(
                    Family.gauge("lvsd_sorry_open_connections", "Open connections of the built-in sorry server"),
                    r -> r.counters.open()),
            Column.of(
                    Family.counter(
                            "lvsd_sorry_connections_total", "Connections that the built-in sorry server accepted"),
                    r -> r.counters.connections()),
            new Column<>(
                    Family.counter(
                            "lvsd_sorry_responses_total",
                            "Responses of the built-in sorry server: the page, an asset of the page, or other (banner,"
                                    + " reset, DNS)"),
                    List.of(
                            Column.cell("kind", "page", r -> r.counters.pages()),
                            Column.cell("kind", "asset", r -> r.counters.assets()),
                            Column.cell("kind", "other", r -> r.counters.others()))),
            Column.of(
                    Family.counter("lvsd_sorry_relayed_total", "Connections that the built-in sorry server relayed"),
                    r -> r.counters.relayed()),
            Column.of(
                    Family.counter(
                            "lvsd_sorry_limited_total",
                            "Connections that the built-in sorry server closed because of a limit"),
                    r -> r.counters.limited()),
            Column.of(
                    Family.counter(
                            "lvsd_sorry_failed_total",
                            "Connections that the built-in sorry server closed because of an invalid request or TLS"
                                    + " handshake"),
                    r -> r.counters.failed()));

    /** Of the virtual servers of the configuration, in the order of the sorry server. */
    static List<SorryRow> of(StatusInput in) {
        Set<String> configured = in.state().config().virtualServers().stream()
                .map(VirtualServerConfig::id)
                .map(id -> id.text())
                .collect(Collectors.toSet());
        return in.sorryCounters().get().stream()
                .filter(c -> configured.contains(c.virtualServer()))
                .map(c -> new SorryRow(Labels.of("virtual_server", c.virtualServer()), c))
                .toList();
    }
}
