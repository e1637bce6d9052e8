package io.lvsd.core.metrics;

import io.lvsd.conf.model.MetricsConfig;
import io.lvsd.core.view.StatusInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The metrics that come from the state of the engine, created for each scrape: a server that is gone has no series. In the
 * order of their importance, as a limit on the number of series drops the last ones.
 */
final class StateTables {
    private StateTables() {}

    /** @param wall converts monotonic times */
    static List<Table<?>> of(StatusInput in, CheckStats stats, WallTime wall, Set<Part> parts) {
        wall.at(in.now());
        List<Table<?>> tables = new ArrayList<>();
        if (parts.contains(Part.DAEMON)) {
            tables.addAll(DaemonTables.of(in));
            in.state().table().shadow().ifPresent(shadow -> tables.addAll(ShadowTables.of(shadow, wall::seconds)));
        }
        MetricsConfig config = in.state().config().lvsd().metrics();
        List<CheckRow> checks = parts.contains(Part.SERVERS) ? servers(in, stats, wall, tables) : List.of();
        if (parts.contains(Part.IPVS) && config.ipvs()) {
            tables.add(new Table<>(DestinationRow.of(in.counters().get().services()), DestinationRow.COLUMNS));
        }
        if (parts.contains(Part.SERVERS) && config.perCheckHistogram()) {
            tables.add(new Table<>(checks, List.of(CheckRow.DURATIONS)));
        }
        return tables;
    }

    /** Adds the tables of servers and checks, and returns the checks. */
    private static List<CheckRow> servers(StatusInput in, CheckStats stats, WallTime wall, List<Table<?>> tables) {
        ServerRows servers = new ServerRows(in, stats, wall::seconds);
        tables.add(new Table<>(servers.virtualServers, VirtualServerRow.COLUMNS));
        tables.add(Table.of(
                Family.info("lvsd_virtual_server_info", "Name of the virtual server in the configuration"),
                servers.names));
        tables.add(new Table<>(SorryRow.of(in), SorryRow.COLUMNS));
        tables.add(new Table<>(servers.realServers, RealServerRow.COLUMNS));
        tables.add(new Table<>(servers.checks, CheckRow.COLUMNS));
        return servers.checks;
    }
}
