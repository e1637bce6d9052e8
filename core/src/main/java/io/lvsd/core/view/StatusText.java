package io.lvsd.core.view;

import io.lvsd.core.view.StatusReport.Check;
import io.lvsd.core.view.StatusReport.Condition;
import io.lvsd.core.view.StatusReport.RealServer;
import io.lvsd.core.view.StatusReport.SorryServer;
import io.lvsd.core.view.StatusReport.Summary;
import io.lvsd.core.view.StatusReport.VirtualServer;
import io.lvsd.core.view.TextColours.Colour;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A status report as text, for {@code lvsd status}. */
public final class StatusText {
    private final StatusReport report;
    private final boolean problemsOnly;
    private final TextColours colours;
    private final StringBuilder out = new StringBuilder();

    private StatusText(StatusReport report, Options options) {
        this.report = report;
        this.problemsOnly = options.problemsOnly();
        this.colours = new TextColours(options.colour());
    }

    /**
     * Options of the text.
     *
     * @param colour whether the text has escape sequences for a terminal
     * @param problemsOnly without what is in order
     */
    public record Options(boolean colour, boolean problemsOnly) {
        /** Everything, without colours. */
        public static final Options PLAIN = new Options(false, false);
    }

    /** Which servers are up or down, since when, and why, as lines. */
    public static String text(StatusReport report, Options options) {
        return new StatusText(report, options).text();
    }

    private String text() {
        header();
        for (VirtualServer server : report.virtualServers()) {
            if (!problemsOnly || StatusReports.isProblem(server)) {
                out.append('\n');
                virtualServer(server);
            }
        }
        troubles();
        return out.toString();
    }

    private void header() {
        if (report.shadow().isPresent()) {
            out.append("SHADOW: ")
                    .append(report.shadow().get().other())
                    .append(" maintains the kernel table, which is read and never written\n");
        } else if (report.dryRun()) {
            out.append("DRY RUN: driver memory, no IPVS command and no notification is sent\n");
        }
        out.append("lvsd ")
                .append(report.version())
                .append(" on ")
                .append(report.host())
                .append(", driver ")
                .append(report.driver())
                .append(", up ")
                .append(ago(report.started()))
                .append(", configuration ")
                .append(report.config().file())
                .append(" loaded ")
                .append(ago(report.config().loaded()))
                .append(" ago\n");
        report.config()
                .lastReload()
                .filter(r -> !r.result().equals("done"))
                .ifPresent(r -> line(
                        Colour.RED,
                        "the last reload, " + ago(r.at()) + " ago, was refused: "
                                + r.text().lines().findFirst().orElse("")));
        report.embedded()
                .ifPresent(e -> out.append("driver embedded: ")
                        .append(e.connections())
                        .append(" connections, ")
                        .append(e.sessions())
                        .append(" UDP sessions; evicted ")
                        .append(e.connectionsEvicted() + e.sessionsEvicted())
                        .append(", expired ")
                        .append(e.connectionsExpired() + e.sessionsExpired())
                        .append('\n'));
        summary(report.summary());
    }

    private void summary(Summary s) {
        List<String> virtual = new ArrayList<>();
        add(virtual, s.ok(), "ok");
        add(virtual, s.degraded(), "degraded");
        add(virtual, s.sorryServer(), "on the sorry server");
        add(virtual, s.maintenance(), "in maintenance");
        add(virtual, s.down(), "down");
        add(virtual, s.suspended(), "suspended");
        List<String> real = new ArrayList<>();
        add(real, s.realServersUp(), "up");
        add(real, s.realServersDown(), "down");
        add(real, s.realServersDraining(), "drained");
        add(real, s.realServersDisabled(), "disabled");
        out.append("virtual servers: ")
                .append(virtual.isEmpty() ? "none" : String.join(", ", virtual))
                .append("; real servers: ")
                .append(real.isEmpty() ? "none" : String.join(", ", real))
                .append('\n');
    }

    private static void add(List<String> parts, int count, String what) {
        if (count > 0) {
            parts.add(count + " " + what);
        }
    }

    private void virtualServer(VirtualServer server) {
        Condition condition = server.condition();
        String state = word(condition);
        out.append(colours.of(Colour.BOLD, server.name().map(n -> n + " ").orElse("") + server.id()))
                .append("  ")
                .append(colours.of(colour(condition), state))
                .append(", ")
                .append(server.state())
                .append(" for ")
                .append(ago(server.since()))
                .append(", ")
                .append(server.quorumText())
                .append('\n');
        server.maintenance()
                .ifPresent(m -> out.append("  ")
                        .append(MaintenanceReports.text(m, ZoneId.systemDefault()))
                        .append(", for ")
                        .append(ago(m.since()))
                        .append(m.until().map(end -> ", ends in " + until(end)).orElse(""))
                        .append('\n'));
        if (server.panic()) {
            line(Colour.RED, "  PANIC: failed real servers remain in the table");
        }
        server.services().stream()
                .flatMap(s -> s.failure().map(f -> s.key() + ": " + f).stream())
                .forEach(f -> line(Colour.RED, "  service " + f));
        server.sorryServer().ifPresent(this::sorryServer);
        realServers(server);
        server.draining()
                .forEach(d -> out.append("  draining ")
                        .append(d.address())
                        .append(" in ")
                        .append(d.service())
                        .append(" for ")
                        .append(ago(d.since()))
                        .append(": ")
                        .append(d.activeConnections())
                        .append(d.activeConnections() == 1 ? " active connection" : " active connections")
                        .append(", removed in ")
                        .append(until(d.removedAtLatest()))
                        .append(" at the latest, as ")
                        .append(d.cause())
                        .append('\n'));
    }

    private static String word(Condition condition) {
        return switch (condition) {
            case OK -> "OK";
            case DEGRADED -> "DEGRADED";
            case SORRY_SERVER -> "SORRY SERVER IN USE";
            case MAINTENANCE -> "MAINTENANCE";
            case DOWN -> "DOWN";
            case SUSPENDED -> "SUSPENDED: no virtual address on this host";
        };
    }

    private static Colour colour(Condition condition) {
        return switch (condition) {
            case OK, SUSPENDED -> Colour.GREEN;
            case DEGRADED, MAINTENANCE -> Colour.YELLOW;
            case SORRY_SERVER, DOWN -> Colour.RED;
        };
    }

    private void sorryServer(SorryServer sorry) {
        String programmed = sorry.programmed().values().stream().distinct().collect(Collectors.joining(", "));
        out.append("  sorry server ")
                .append(sorry.address())
                .append(sorry.inUse() ? " in use" : " not in use")
                .append(
                        programmed.isEmpty() || programmed.equals(sorry.address())
                                ? ""
                                : ", programmed as " + programmed)
                .append(sorry.since().map(s -> ", for " + ago(s)).orElse(""))
                .append('\n');
        sorry.failure().ifPresent(f -> line(Colour.RED, "  sorry server cannot be used: " + f));
    }

    private void realServers(VirtualServer server) {
        List<RealServer> shown = server.realServers().stream()
                .filter(rs -> !problemsOnly || StatusReports.isProblem(rs))
                .toList();
        if (shown.isEmpty()) {
            return;
        }
        TextTable.append(
                out,
                "  ",
                List.of("REAL SERVER", "STATE", "FOR", "WEIGHT", "ACTIVE", "PROBE", "NEXT", "CHECKS"),
                header -> colours.of(Colour.DIM, header),
                shown,
                this::cells,
                (rs, line) -> colours.of(colour(rs), line));
    }

    private List<String> cells(RealServer rs) {
        String active = rs.activeConnections().isPresent()
                ? String.valueOf(rs.activeConnections().getAsLong())
                : "-";
        String checks = rs.checks().isEmpty()
                ? "no checks"
                : rs.checks().stream().map(StatusText::check).collect(Collectors.joining("; "));
        return List.of(
                rs.address(), state(rs), ago(rs.since()), weight(rs), active, lastProbe(rs), nextProbe(rs), checks);
    }

    private static Colour colour(RealServer server) {
        if (server.state().equals("down")) {
            return Colour.RED;
        }
        return StatusReports.isProblem(server) ? Colour.YELLOW : Colour.NONE;
    }

    private static String state(RealServer server) {
        String state = server.pending() ? "not probed" : server.state();
        String override = server.override().equals("enabled")
                ? ""
                : " " + server.override().toUpperCase(Locale.ROOT);
        return state + override + (server.retained() ? " RETAINED" : "");
    }

    /** The weight, and where they differ the configured one and that in the table. */
    private static String weight(RealServer server) {
        List<String> others = WeightText.differences(server);
        return server.weight() + (others.isEmpty() ? "" : " (" + String.join(", ", others) + ")");
    }

    private static String lastProbe(RealServer server) {
        return server.checks().stream()
                .flatMap(c -> c.lastProbe().stream())
                .map(p -> Durations.millis(p.durationMillis()))
                .collect(Collectors.joining("; "));
    }

    private String nextProbe(RealServer server) {
        Optional<Instant> next =
                server.checks().stream().flatMap(c -> c.nextProbe().stream()).min(Instant::compareTo);
        return next.map(this::until).orElse("-");
    }

    private static String check(Check check) {
        String failures = check.tolerated() > 0 && check.state().equals("up")
                ? " failing " + check.tolerated() + " of " + (check.retry() + 1)
                : "";
        String passes = check.passes() > 0 ? " passed " + check.passes() + " of " + check.rise() : "";
        return check.name() + " " + check.state() + failures + passes
                + check.reason().map(r -> ": " + r).orElse("");
    }

    private void troubles() {
        report.shadow().filter(s -> !s.differences().isEmpty()).ifPresent(s -> {
            out.append('\n');
            s.differences().forEach(d -> line(Colour.YELLOW, "difference: " + ShadowText.line(d, report.time())));
        });
        if (!report.failures().isEmpty()
                || !report.drift().isEmpty()
                || !report.driftCounts().isEmpty()) {
            out.append('\n');
        }
        report.failures().forEach((subject, reason) -> line(Colour.RED, "failure: " + subject + ": " + reason));
        report.drift().forEach(d -> line(Colour.YELLOW, "drift: " + d.service() + " " + d.what() + " " + d.detail()));
        report.driftCounts().forEach((kind, count) -> line(Colour.NONE, "drift since start: " + kind + " " + count));
        report.withheld().filter(w -> w.count() > 0).ifPresent(w -> {
            out.append("withheld by the dry run: ").append(w.count()).append("; last:\n");
            w.last().forEach(l -> out.append("  ").append(l).append('\n'));
        });
    }

    private void line(Colour colour, String text) {
        out.append(colours.of(colour, text)).append('\n');
    }

    private String ago(Instant since) {
        return Durations.text(Duration.between(since, report.time()));
    }

    private String until(Instant at) {
        return Durations.text(Duration.between(report.time(), at));
    }
}
