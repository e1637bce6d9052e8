package io.lvsd.core.view;

import io.lvsd.core.view.Explanation.CheckHistory;
import io.lvsd.core.view.Explanation.Destination;
import io.lvsd.core.view.Explanation.Server;
import io.lvsd.core.view.StatusReport.Check;
import io.lvsd.core.view.StatusReport.Probe;
import io.lvsd.core.view.StatusReport.RealServer;
import io.lvsd.core.view.StatusReport.VirtualServer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** An explanation as text, for {@code lvsd explain}. */
public final class ExplanationText {
    private final DateTimeFormatter clock;
    private final DateTimeFormatter full;
    private final Instant now;
    private final ZoneId zone;
    private final StringBuilder out = new StringBuilder();

    private ExplanationText(Instant now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
        this.clock = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(zone);
        this.full =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
    }

    /**
     * As lines.
     *
     * @param detailed with the probes of each check
     * @param zone of the times
     */
    public static String text(Explanation explanation, boolean detailed, ZoneId zone) {
        ExplanationText text = new ExplanationText(explanation.time(), zone);
        text.virtualServer(explanation.virtualServer());
        explanation.servers().forEach(s -> text.server(s, detailed));
        explanation.draining().forEach(text::draining);
        return text.out.toString();
    }

    private void line(String indent, String text) {
        out.append(indent).append(text).append('\n');
    }

    private void virtualServer(VirtualServer server) {
        line(
                "",
                "virtual server " + server.name().map(n -> n + " ").orElse("") + server.id() + ": "
                        + server.condition().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ", " + server.state()
                        + since(server.since()) + changed(server.changes()));
        line("  ", server.quorumText());
        if (server.suspended()) {
            line("  ", "its checks are suspended, as none of its addresses is on this host (ha_suspend)");
        }
        server.maintenance()
                .ifPresent(m -> line("  ", MaintenanceReports.text(m, zone) + since(m.since()) + ", by " + m.source()));
        if (server.panic()) {
            line("  ", "panic: so few real servers are up that failed ones remain in the table");
        }
        server.services()
                .forEach(s -> line(
                        "  ",
                        "service " + s.key() + (s.inTable() ? " is in the table" : " is NOT in the table")
                                + s.failure().map(f -> ": " + f).orElse("")));
        server.sorryServer().ifPresent(s -> {
            line(
                    "  ",
                    "sorry server " + s.address() + (s.inUse() ? " is in use" : " is not in use")
                            + s.since().map(this::since).orElse(""));
            s.programmed()
                    .forEach((service, destination) -> line("    ", "programmed in " + service + " as " + destination));
            s.failure().ifPresent(f -> line("    ", "cannot be used: " + f));
        });
    }

    private void server(Server server, boolean detailed) {
        RealServer rs = server.realServer();
        out.append('\n');
        line("", "real server " + rs.address() + ": " + rs.state() + since(rs.since()) + changed(rs.changes()));
        line("  ", server.conclusion());
        line("  ", weight(rs));
        server.destinations().forEach(d -> line("  ", destination(d)));
        server.checks().forEach(c -> check(c, detailed));
    }

    private static String weight(RealServer rs) {
        return "weight " + rs.weight() + ", configured " + rs.configuredWeight()
                + (rs.overrideWeight().isPresent() ? ", set by an operator" : "")
                + (rs.slowStart() ? ", in slow start" : "")
                + (rs.inTable() ? "" : ", " + WeightText.NOT_IN_TABLE)
                + (rs.retained() ? "; no longer configured, retained until a replacement is up" : "");
    }

    private void draining(StatusReport.Destination d) {
        out.append('\n');
        line("", "destination " + d.address() + " in " + d.service() + ": draining" + since(d.since()));
        line("  ", "not in service: " + d.cause());
        line(
                "  ",
                Counted.of(d.activeConnections(), "active connection")
                        + "; removed from the table when they have ended, at "
                        + full.format(d.removedAtLatest()) + " (in "
                        + Durations.text(Duration.between(now, d.removedAtLatest())) + ") at the latest");
    }

    private static String destination(Destination d) {
        boolean same = d.wantedWeight().equals(d.tableWeight());
        return "destination in " + d.service() + ": wanted " + weight(d.wantedWeight()) + ", table "
                + weight(d.tableWeight()) + (same ? "" : " (DIFFERENT)");
    }

    private static String weight(OptionalLong weight) {
        return weight.isPresent() ? "weight " + weight.getAsLong() : "absent";
    }

    private void check(CheckHistory history, boolean detailed) {
        Check check = history.check();
        line(
                "  ",
                "check " + check.name()
                        + (check.name().equals(check.kind()) ? " " + check.target() : " (" + check.target() + ")")
                        + ": " + check.state() + since(check.since())
                        + changed(check.changes()));
        check.reason().ifPresent(r -> line("    ", "last result: " + r));
        line("    ", history.rule());
        check.agent()
                .ifPresent(a -> line(
                        "    ",
                        "the server reports " + (a.up() ? "up" : "down") + ", mode " + a.mode() + ", " + a.percent()
                                + " % of its configured weight"));
        check.nextProbe().ifPresent(at -> line("    ", "next probe in " + seconds(Duration.between(now, at))));
        check.certificateExpires().ifPresent(at -> line("    ", "certificate valid until " + full.format(at)));
        if (detailed && !history.probes().isEmpty()) {
            probes(history);
        }
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", Math.max(0, duration.toMillis()) / 1000.0);
    }

    private void probes(CheckHistory history) {
        TextTable.append(
                out,
                "    ",
                List.of(
                        "PROBE ENDED",
                        "RESULT",
                        "TOTAL",
                        "CONNECT",
                        "TLS",
                        "FIRST BYTE",
                        "RESPONSE",
                        "STATUS",
                        "REASON"),
                history.probes(),
                this::cells);
    }

    private List<String> cells(Probe probe) {
        return List.of(
                clock.format(probe.at()),
                probe.result(),
                Durations.millis(probe.durationMillis()),
                phase(probe.connectMillis()),
                phase(probe.tlsMillis()),
                phase(probe.firstByteMillis()),
                phase(probe.responseMillis()),
                probe.status().isPresent() ? String.valueOf(probe.status().getAsLong()) : "-",
                probe.reason().orElse(""));
    }

    private static String phase(Optional<Double> millis) {
        return millis.map(Durations::millis).orElse("-");
    }

    private String since(Instant since) {
        return " since " + full.format(since) + " (" + Durations.text(Duration.between(since, now)) + ")";
    }

    private static String changed(long changes) {
        return changes == 0 ? "" : ", changed " + changes + (changes == 1 ? " time" : " times");
    }
}
