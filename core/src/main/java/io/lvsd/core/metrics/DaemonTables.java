package io.lvsd.core.metrics;

import io.lvsd.core.engine.EngineState;
import io.lvsd.core.engine.EngineState.Phase;
import io.lvsd.core.plan.Drift;
import io.lvsd.core.view.DaemonInfo;
import io.lvsd.core.view.DriverStatus;
import io.lvsd.core.view.StatusInput;
import io.lvsd.ipvs.embedded.EmbeddedIpvs.Endings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The metrics of the daemon as a whole that come from its state. Pure. */
final class DaemonTables {
    /** Kinds of lasting failures. */
    private static final Set<String> FAILURES = Set.of("kernel", "ipvs", "sorry");

    private DaemonTables() {}

    static List<Table<?>> of(StatusInput in) {
        List<Table<?>> tables = new ArrayList<>(List.of(
                info(
                        "lvsd_build_info",
                        "Version of lvsd and of Java",
                        "version",
                        in.info().version(),
                        "java_version",
                        Runtime.version().toString()),
                info(
                        "lvsd_daemon_info",
                        "Driver of the IPVS table; mode is normal, dry_run or shadow",
                        "driver",
                        in.driver().word(),
                        "mode",
                        mode(in.driver())),
                phase(in.state())));
        tables.addAll(config(in));
        tables.addAll(table(in.state()));
        in.driver()
                .withheld()
                .ifPresent(w -> tables.add(Table.of(
                        Family.counter("lvsd_dry_run_withheld_total", "Effects that the dry run did not carry out"),
                        (double) w.count())));
        in.driver().endings().ifPresent(e -> tables.addAll(embedded(e)));
        return tables;
    }

    private static String mode(DriverStatus driver) {
        if (driver.shadowOf().isPresent()) {
            return "shadow";
        }
        return driver.dryRun() ? "dry_run" : "normal";
    }

    private static Table<Row.Single> info(String name, String help, String... labels) {
        return Table.of(Family.info(name, help), List.of(new Row.Single(Labels.of(labels), 1)));
    }

    private static Table<Row.Single> phase(EngineState state) {
        return Table.of(
                Family.gauge("lvsd_daemon_phase", "1 for the present phase of the daemon, 0 for the others"),
                Arrays.stream(Phase.values())
                        .map(p -> new Row.Single(
                                Labels.of("phase", p.name().toLowerCase(Locale.ROOT)), p == state.phase() ? 1 : 0))
                        .toList());
    }

    private static List<Table<?>> config(StatusInput in) {
        DaemonInfo info = in.info();
        EngineState state = in.state();
        boolean successful =
                info.lastReload().map(r -> r.result().equals("done")).orElse(true);
        return List.of(
                info("lvsd_config_info", "Hash of the effective configuration", "hash", info.configHash()),
                Table.of(
                        Family.gauge(
                                "lvsd_config_loaded_timestamp_seconds", "When the configuration in effect was loaded"),
                        WallTime.seconds(info.configLoaded())),
                Table.of(
                        Family.gauge(
                                "lvsd_config_last_reload_successful",
                                "Whether the last reload was carried out; 1 before the first one"),
                        successful ? 1 : 0),
                Table.of(
                        Family.gauge(
                                "lvsd_config_last_reload_timestamp_seconds",
                                "When the last reload ended; the start of the daemon before the first one"),
                        WallTime.seconds(
                                info.lastReload().map(DaemonInfo.Reload::at).orElse(info.started()))),
                Table.of(
                        Family.gauge("lvsd_config_virtual_servers", "Virtual servers of the configuration"),
                        state.config().virtualServers().size()),
                Table.of(
                        Family.gauge("lvsd_config_real_servers", "Real servers of all virtual servers"),
                        state.config().virtualServers().stream()
                                .mapToInt(vs -> vs.realServers().size())
                                .sum()));
    }

    private static List<Table<?>> table(EngineState state) {
        Map<String, Long> present = new HashMap<>();
        state.table().drifts().forEach(d -> present.merge(d.what(), 1L, Long::sum));
        Map<String, Long> found = state.table().incidents();
        Map<String, Long> failures = new HashMap<>();
        state.table().failures().active().values().forEach(f -> failures.merge(f.event(), 1L, Long::sum));
        return List.of(
                byKind(
                        Family.gauge(
                                "lvsd_table_drift",
                                "Present differences between the table and what lvsd programmed, by kind"),
                        Drift.KINDS,
                        present),
                byKind(
                        Family.counter(
                                "lvsd_table_drift_found_total",
                                "Differences between the table and what lvsd programmed that were found, by kind"),
                        Drift.KINDS,
                        found),
                byKind(
                        Family.gauge(
                                "lvsd_current_failures",
                                "Conditions that last: the table cannot be read or written (kernel), a command fails"
                                        + " (ipvs), a sorry server is needed and cannot be used (sorry)"),
                        FAILURES,
                        failures),
                Table.of(
                        Family.gauge("lvsd_table_services", "Services in the table, those of other programs included"),
                        state.table().actual().size()),
                Table.of(
                        Family.gauge(
                                "lvsd_table_destinations",
                                "Destinations of all services in the table, those of other programs included"),
                        state.table().actual().values().stream()
                                .mapToInt(s -> s.destinations().size())
                                .sum()));
    }

    /** One series for each kind that is known, with 0 for those without an entry. */
    private static Table<Row.Single> byKind(Family family, Set<String> kinds, Map<String, Long> values) {
        Set<String> all = new TreeSet<>(kinds);
        all.addAll(values.keySet());
        return Table.of(
                family,
                all.stream()
                        .map(k -> new Row.Single(Labels.of("kind", k), values.getOrDefault(k, 0L)))
                        .toList());
    }

    private static List<Table<?>> embedded(Endings e) {
        return List.of(
                byTransport(
                        Family.gauge("lvsd_embedded_connections", "Open connections of the embedded driver"),
                        e.connections(),
                        e.sessions()),
                byTransport(
                        Family.counter(
                                "lvsd_embedded_evicted_total",
                                "Connections that the embedded driver ended because of its limits"),
                        e.connectionsEvicted(),
                        e.sessionsEvicted()),
                byTransport(
                        Family.counter(
                                "lvsd_embedded_expired_total",
                                "Connections that the embedded driver ended after a timeout"),
                        e.connectionsExpired(),
                        e.sessionsExpired()));
    }

    private static Table<Row.Single> byTransport(Family family, long tcp, long udp) {
        return Table.of(
                family,
                Stream.of(
                                new Row.Single(Labels.of("proto", "tcp"), tcp),
                                new Row.Single(Labels.of("proto", "udp"), udp))
                        .toList());
    }
}
