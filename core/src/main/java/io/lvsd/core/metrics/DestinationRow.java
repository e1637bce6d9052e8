package io.lvsd.core.metrics;

import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A destination of a service in the table. Names and labels are those of node_exporter's collector ipvs (version 1.5); the
 * counters, which node_exporter has for the host only, are those of the destination.
 */
record DestinationRow(Labels labels, DestinationState state) implements Row {
    /** The metrics of destinations, the most important ones first. */
    static final List<Column<DestinationRow>> COLUMNS = List.of(
            Column.of(
                    Family.gauge(
                            "node_ipvs_backend_connections_active",
                            "The current active connections by local and remote address"),
                    r -> r.state.active()),
            Column.of(
                    Family.gauge(
                            "node_ipvs_backend_connections_inactive",
                            "The current inactive connections by local and remote address"),
                    r -> r.state.inactive()),
            Column.of(
                    Family.gauge("node_ipvs_backend_weight", "The current backend weight by local and remote address"),
                    r -> r.state.config().weight()),
            Column.of(
                    Family.counter(
                            "node_ipvs_connections_total",
                            "The total number of connections by local and remote address"),
                    r -> unsigned(r.state.stats().connections())),
            Column.of(
                    Family.counter(
                            "node_ipvs_incoming_bytes_total",
                            "The total amount of incoming data by local and remote address"),
                    r -> unsigned(r.state.stats().inBytes())),
            Column.of(
                    Family.counter(
                            "node_ipvs_outgoing_bytes_total",
                            "The total amount of outgoing data by local and remote address"),
                    r -> unsigned(r.state.stats().outBytes())),
            Column.of(
                    Family.counter(
                            "node_ipvs_incoming_packets_total",
                            "The total number of incoming packets by local and remote address"),
                    r -> unsigned(r.state.stats().inPackets())),
            Column.of(
                    Family.counter(
                            "node_ipvs_outgoing_packets_total",
                            "The total number of outgoing packets by local and remote address"),
                    r -> unsigned(r.state.stats().outPackets())));

    private static final double TWO_64 = 0x1p64;

    /** @param services in the order of the output */
    static List<DestinationRow> of(Map<ServiceKey, ServiceState> services) {
        List<DestinationRow> rows = new ArrayList<>();
        services.forEach((key, service) -> {
            Labels local = local(key);
            service.destinations().forEach((destination, state) -> rows.add(of(local, destination, state)));
        });
        return rows;
    }

    private static DestinationRow of(Labels local, DestinationKey key, DestinationState state) {
        return new DestinationRow(
                local.and("remote_address", Addresses.text(key.address()), "remote_port", String.valueOf(key.port())),
                state);
    }

    /** As /proc/net/ip_vs has them: a firewall mark as eight hexadecimal digits, with protocol FWM and without an address. */
    private static Labels local(ServiceKey key) {
        return switch (key) {
            case ServiceKey.AddressKey(var protocol, var address, int port) ->
                local(protocol.name(), Addresses.text(address), port, "");
            case ServiceKey.FwmarkKey(var _, long mark) ->
                local("FWM", "", 0, String.format(Locale.ROOT, "%08X", mark));
        };
    }

    private static Labels local(String protocol, String address, int port, String mark) {
        return Labels.of(
                "local_address", address, "local_port", String.valueOf(port), "local_mark", mark, "proto", protocol);
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : value + TWO_64;
    }
}
