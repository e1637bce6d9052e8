package io.lvsd.core.view;

import io.lvsd.core.view.StatusReport.Condition;
import io.lvsd.core.view.StatusReport.RealServer;
import io.lvsd.core.view.StatusReport.SorryServer;
import io.lvsd.core.view.StatusReport.VirtualServer;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The answer of a monitoring plugin, as in the Nagios plugin guidelines: one line of text, performance data after a bar,
 * details on further lines.
 *
 * @param status 0 OK, 1 WARNING, 2 CRITICAL
 * @param text ends with a line feed
 */
public record MonitoringPlugin(int status, String text) {
    private static final int OK = 0;
    private static final int WARNING = 1;
    private static final int CRITICAL = 2;
    private static final int MAX_OVERRIDES = 5;
    private static final List<String> WORDS = List.of("OK", "WARNING", "CRITICAL");

    private record Finding(int status, String text) {}

    /** All virtual servers, failures and drift. */
    public static MonitoringPlugin ofAll(StatusReport report) {
        List<Finding> findings = new ArrayList<>();
        report.virtualServers().forEach(vs -> findings.addAll(findings(vs)));
        report.failures().forEach((subject, reason) -> findings.add(new Finding(CRITICAL, subject + ": " + reason)));
        report.drift()
                .forEach(d -> findings.add(
                        new Finding(WARNING, "drift in " + d.service() + ": " + d.what() + " " + d.detail())));
        report.config()
                .lastReload()
                .filter(r -> !r.result().equals("done"))
                .ifPresent(r -> findings.add(new Finding(
                        WARNING,
                        "the last reload was refused: "
                                + r.text().lines().findFirst().orElse(""))));
        int up = report.summary().realServersUp();
        int all = up + report.summary().realServersDown();
        List<VirtualServer> maintained = report.virtualServers().stream()
                .filter(vs -> vs.condition() == Condition.MAINTENANCE)
                .toList();
        String good = (maintained.isEmpty()
                        ? ""
                        : maintained.stream().map(MonitoringPlugin::maintenance).collect(Collectors.joining("; "))
                                + "; ")
                + Counted.of(report.virtualServers().size() - maintained.size(), "virtual server") + " up, " + up
                + " of " + all + " real servers up";
        List<String> data = new ArrayList<>(List.of(
                "virtual_servers_up="
                        + report.virtualServers().stream()
                                .filter(vs -> vs.state().equals("up"))
                                .count()
                        + ";;;0;" + report.virtualServers().size(),
                "real_servers_up=" + up + ";;;0;" + all,
                "sorry_servers=" + report.summary().sorryServer() + ";;;0;"
                        + report.virtualServers().size(),
                "drift=" + report.summary().drift() + ";;;0;"));
        return of(findings, good, data);
    }

    /** One virtual server. */
    public static MonitoringPlugin of(VirtualServer server) {
        long up = server.realServers().stream()
                .filter(rs -> rs.state().equals("up"))
                .count();
        int all = server.realServers().size();
        String good = (server.condition() == Condition.MAINTENANCE ? maintenance(server) : server.id() + " up") + ", "
                + up + " of " + all + " real servers up, " + server.quorumText();
        long connections = server.services().stream()
                .mapToLong(StatusReport.Service::connectionsPerSecond)
                .sum();
        List<String> data = List.of(
                "live_weight=" + server.liveWeight() + ";;" + server.quorum() + ":;0;",
                "real_servers_up=" + up + ";;;0;" + all,
                "connections_per_second=" + connections + ";;;0;");
        return of(findings(server), good, data);
    }

    private static String maintenance(VirtualServer server) {
        return server.id() + " is in maintenance "
                + server.maintenance()
                        .map(m -> MaintenanceReports.until(m, ZoneId.systemDefault()))
                        .orElse("");
    }

    private static List<Finding> findings(VirtualServer server) {
        List<Finding> findings = new ArrayList<>();
        Condition condition = server.condition();
        if (server.maintenance().isPresent() && condition != Condition.MAINTENANCE) {
            findings.add(new Finding(
                    WARNING,
                    server.id() + " is in maintenance, but the sorry server cannot be used"
                            + server.sorryServer()
                                    .flatMap(SorryServer::failure)
                                    .map(f -> ": " + f)
                                    .orElse("")));
        }
        if (condition == Condition.DOWN) {
            findings.add(new Finding(CRITICAL, server.id() + " is down, " + server.quorumText() + overrides(server)));
        } else if (condition == Condition.SORRY_SERVER) {
            findings.add(new Finding(
                    CRITICAL, server.id() + " is on the sorry server, " + server.quorumText() + overrides(server)));
        } else if (server.panic()) {
            findings.add(new Finding(CRITICAL, server.id() + " panics: failed real servers receive connections"));
        }
        server.services().stream()
                .flatMap(s -> s.failure().map(f -> s.key() + ": " + f).stream())
                .forEach(f -> findings.add(new Finding(CRITICAL, f)));
        server.realServers().stream()
                .filter(rs -> rs.state().equals("down") && condition != Condition.MAINTENANCE)
                .forEach(rs -> findings.add(new Finding(WARNING, down(server, rs))));
        return findings;
    }

    /** The overrides that reduce the live weight: the first ones by name, and the number of others. */
    private static String overrides(VirtualServer server) {
        List<String> all = server.realServers().stream()
                .flatMap(rs -> override(rs).map(o -> rs.address() + " " + o).stream())
                .toList();
        String more = all.size() > MAX_OVERRIDES ? " and " + (all.size() - MAX_OVERRIDES) + " more" : "";
        return all.isEmpty()
                ? ""
                : "; overrides: " + all.stream().limit(MAX_OVERRIDES).collect(Collectors.joining(", ")) + more;
    }

    private static Optional<String> override(RealServer rs) {
        if (!rs.override().equals("enabled")) {
            return Optional.of("is " + rs.override());
        }
        return rs.overrideWeight().isPresent() && rs.overrideWeight().getAsLong() < rs.configuredWeight()
                ? Optional.of("has weight " + rs.overrideWeight().getAsLong())
                : Optional.empty();
    }

    private static String down(VirtualServer server, RealServer rs) {
        String reasons = rs.checks().stream()
                .filter(c -> !c.state().equals("up"))
                .map(c -> c.name() + c.reason().map(r -> " " + r).orElse(""))
                .collect(Collectors.joining(", "));
        return rs.address() + " of " + server.id() + " is down: " + reasons;
    }

    private static MonitoringPlugin of(List<Finding> findings, String good, List<String> data) {
        List<Finding> sorted = findings.stream()
                .sorted(Comparator.comparingInt((Finding f) -> -f.status()))
                .toList();
        Optional<Finding> worst = sorted.stream().findFirst();
        int status = worst.map(Finding::status).orElse(OK);
        String more = sorted.size() > 1 ? " (and " + (sorted.size() - 1) + " more)" : "";
        String first = "LVSD " + WORDS.get(status) + " - "
                + clean(worst.map(Finding::text).orElse(good)) + more + " | " + String.join(" ", data) + "\n";
        String rest = sorted.stream()
                .skip(1)
                .map(f -> WORDS.get(f.status()) + ": " + clean(f.text()) + "\n")
                .collect(Collectors.joining());
        return new MonitoringPlugin(status, first + rest);
    }

    /** A bar would begin the performance data. */
    private static String clean(String text) {
        return text.replace('|', '/');
    }
}
