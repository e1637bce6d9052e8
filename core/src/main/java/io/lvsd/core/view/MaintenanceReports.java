package io.lvsd.core.view;

import io.lvsd.conf.value.IpNetwork;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.core.engine.SorryState;
import io.lvsd.core.model.Maintenance;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.MaintenanceAccess;
import io.lvsd.core.plan.Translation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Reports on planned maintenance, as values and as text. Pure. */
public final class MaintenanceReports {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss XXX", Locale.ROOT);

    private MaintenanceReports() {}

    /**
     * The report on a change.
     *
     * @param requested settings; empty: the maintenance was to end
     */
    public static MaintenanceReport of(
            VsState server,
            SorryState sorry,
            Optional<MaintenanceConfig> requested,
            MaintenanceAccess access,
            boolean applied) {
        return new MaintenanceReport(
                server.config().id().text(),
                server.maintenance().map(MaintenanceReports::of),
                requested.filter(s -> !s.allow().isEmpty()).map(_ -> access.text()),
                server.maintenance().flatMap(_ -> problem(server, sorry)),
                applied);
    }

    /** Why the real servers remain in the table although there is maintenance. */
    private static Optional<String> problem(VsState server, SorryState sorry) {
        return Translation.keys(server.config()).stream()
                .map(sorry::failure)
                .filter(f -> !f.isEmpty())
                .findFirst();
    }

    static StatusReport.Maintenance of(Maintenance maintenance) {
        Optional<Duration> limit = maintenance.drain().flatMap(MaintenanceConfig.Drain::limit);
        return new StatusReport.Maintenance(
                maintenance.source().name().toLowerCase(Locale.ROOT),
                maintenance.since(),
                maintenance.until(),
                Optional.of(maintenance.message()).filter(m -> !m.isEmpty()),
                maintenance.allow().stream().map(IpNetwork::toString).toList(),
                maintenance.drain().isPresent(),
                limit.isPresent() ? OptionalLong.of(limit.get().toSeconds()) : OptionalLong.empty());
    }

    /** The report as lines. */
    public static String text(MaintenanceReport report, ZoneId zone) {
        String server = report.virtualServer() + ": ";
        StringBuilder out = new StringBuilder(server);
        out.append(report.maintenance().map(m -> text(m, zone)).orElse("not in maintenance"));
        out.append(report.applied() ? "\n" : "; the change is not in effect yet, see 'lvsd status'\n");
        report.problem()
                .ifPresent(p -> out.append("the real servers remain in the table, as the sorry server cannot be used: ")
                        .append(p)
                        .append('\n'));
        report.access().ifPresent(a -> out.append("allowed clients: ").append(a).append('\n'));
        return out.toString();
    }

    /** {@code maintenance until TIME, allowed: NETWORKS, message: "TEXT"}. */
    static String text(StatusReport.Maintenance maintenance, ZoneId zone) {
        List<String> parts = new ArrayList<>();
        parts.add("maintenance " + until(maintenance, zone));
        if (maintenance.source().equals("configuration")) {
            parts.add("by configuration");
        }
        if (maintenance.drain()) {
            parts.add(
                    maintenance.drainSeconds().isPresent()
                            ? "connections are drained for at most "
                                    + maintenance.drainSeconds().getAsLong() + " s"
                            : "connections are drained without a limit");
        }
        if (!maintenance.allow().isEmpty()) {
            parts.add("allowed: " + String.join(" ", maintenance.allow()));
        }
        maintenance.message().ifPresent(m -> parts.add("message: \"" + m + "\""));
        return String.join(", ", parts);
    }

    static String until(StatusReport.Maintenance maintenance, ZoneId zone) {
        return maintenance.until().map(end -> "until " + time(end, zone)).orElse("without an end");
    }

    private static String time(Instant time, ZoneId zone) {
        return TIME.format(time.atZone(zone));
    }
}
