package io.lvsd.core.page;

import io.lvsd.core.view.Durations;
import io.lvsd.core.view.StatusReport.Check;
import io.lvsd.core.view.StatusReport.Probe;
import io.lvsd.core.view.StatusReport.RealServer;
import io.lvsd.core.view.WeightText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One real server as a row of the table of its virtual server. */
final class RealServerRow {
    /** Columns, and the class of their cells. */
    static final List<Column> COLUMNS = List.of(
            new Column("Real server", "address"),
            new Column("State", "state"),
            new Column("Checks", "checks"),
            new Column("Last probe", "probe"),
            new Column("Weight", "weight number"),
            new Column("Active connections", "traffic number"),
            new Column("Connections per second", "traffic number"),
            new Column("Actions", "actions"));

    private final PageInput in;
    private final String service;
    private final RealServer rs;

    record Column(String name, String style) {}

    /** @param service whose traffic is shown */
    RealServerRow(PageInput in, String service, RealServer rs) {
        this.in = in;
        this.service = service;
        this.rs = rs;
    }

    static boolean isProblem(RealServer server) {
        return server.state().equals("down")
                || !server.override().equals("enabled")
                || server.overrideWeight().isPresent();
    }

    /** @param order position in the configuration */
    String html(int order) {
        Html cells = new Html(in.report().time());
        cells.tag("<th scope=\"row\">").text(rs.address()).tag("</th>");
        cells.tag("<td class=\"state\"><span class=\"badge " + style() + "\">")
                .text(state())
                .tag("</span> <small>")
                .ago(rs.since())
                .tag("</small></td><td class=\"checks\">");
        checks(cells);
        cells.tag("</td><td class=\"probe\">");
        lastProbe(cells);
        cells.tag("</td><td class=\"weight number\" data-label=\"Weight\">");
        weight(cells);
        long rate = traffic(cells);
        cells.tag("</td><td class=\"actions\">");
        actions(cells);
        cells.tag("</td>");
        return new Html(in.report().time())
                .tag("<tr")
                .attribute("class", style())
                .attribute("data-rs", rs.address())
                .attribute("data-order", "" + order)
                .attribute("data-state", rs.state())
                .attribute("data-rate", "" + rate)
                .attribute("data-weight", "" + (serves() ? rs.weight() : 0))
                .attribute("data-active", "" + rs.activeConnections().orElse(0))
                .attribute("data-problem", "" + isProblem(rs))
                .attribute("data-text", rs.address() + " " + checksText())
                .attribute("data-rev", cells.stable())
                .tag(">")
                .tag(cells.toString())
                .tag("</tr>\n")
                .toString();
    }

    private boolean serves() {
        return rs.state().equals("up") && rs.override().equals("enabled");
    }

    private String style() {
        if (rs.state().equals("down")) {
            return "down";
        }
        return rs.override().equals("enabled") && !rs.pending() ? "ok" : "quiet";
    }

    private String state() {
        String state = rs.pending() ? "not probed" : rs.state();
        return (rs.override().equals("enabled") ? state : state + ", " + rs.override())
                + (rs.retained() ? ", retained" : "");
    }

    private void checks(Html out) {
        if (rs.checks().isEmpty()) {
            out.tag("<span class=\"quiet\">no checks</span>");
        }
        for (Check check : rs.checks()) {
            out.tag("<div>").text(check.name() + " " + check.state());
            if (check.tolerated() > 0 && check.state().equals("up")) {
                out.text(" failing " + check.tolerated() + " of " + (check.retry() + 1));
            }
            check.reason()
                    .ifPresent(r -> out.tag(": <span class=\"reason\">").text(r).tag("</span>"));
            check.certificateExpires()
                    .ifPresent(at ->
                            out.tag(" <small>certificate valid for ").until(at).tag("</small>"));
            out.tag("</div>");
        }
    }

    private String checksText() {
        return rs.checks().stream()
                .map(c -> c.name() + " " + c.state() + " " + c.reason().orElse(""))
                .collect(Collectors.joining(" "));
    }

    private void lastProbe(Html out) {
        for (Check check : rs.checks()) {
            out.tag("<div>");
            check.lastProbe().ifPresent(p -> out.text(result(p) + Durations.millis(p.durationMillis())));
            out.tag(" <small class=\"when-probed\">");
            check.lastProbe().ifPresent(p -> out.ago(p.at()).tag(" ago"));
            check.nextProbe()
                    .ifPresent(at -> out.tag(check.lastProbe().isPresent() ? ", next in " : "next in ")
                            .until(at));
            out.tag("</small>");
            check.lastProbe()
                    .map(RealServerRow::phases)
                    .filter(p -> !p.isEmpty())
                    .ifPresent(p -> out.tag(" <small class=\"phases\">").text(p).tag("</small>"));
            out.tag("</div>");
        }
    }

    private static String result(Probe probe) {
        return probe.result()
                + (probe.status().isPresent() ? " with " + probe.status().getAsLong() : "") + " in ";
    }

    private static String phases(Probe probe) {
        List<String> phases = new ArrayList<>();
        probe.connectMillis().ifPresent(m -> phases.add("connect " + Durations.millis(m)));
        probe.tlsMillis().ifPresent(m -> phases.add("TLS " + Durations.millis(m)));
        probe.firstByteMillis().ifPresent(m -> phases.add("first byte " + Durations.millis(m)));
        probe.responseMillis().ifPresent(m -> phases.add("response " + Durations.millis(m)));
        // A connection alone takes as long as the whole probe.
        return phases.size() == 1 ? "" : String.join(", ", phases);
    }

    private void weight(Html out) {
        List<String> others = WeightText.differences(rs);
        out.text("" + rs.weight());
        if (!others.isEmpty()) {
            out.tag(" <small>").text(String.join(", ", others)).tag("</small>");
        }
    }

    /** Returns the connections per second. */
    private long traffic(Html out) {
        Optional<TrafficHistory.Samples> traffic = in.traffic().of(service, rs.address());
        out.tag("</td><td class=\"traffic number\" data-label=\"Active\">");
        traffic.ifPresent(t -> out.tag(Sparkline.of(t.active(), "active connections of " + rs.address())));
        out.tag(" <span class=\"count\">"
                + (rs.activeConnections().isPresent()
                        ? Sparkline.count(rs.activeConnections().getAsLong())
                        : "-")
                + "</span></td><td class=\"traffic number\" data-label=\"New\">");
        int[] rates = traffic.map(TrafficHistory.Samples::rate).orElse(new int[0]);
        long rate = rates.length == 0 ? 0 : rates[rates.length - 1];
        out.tag(Sparkline.of(rates, "connections per second of " + rs.address()));
        out.tag(" <span class=\"count\">" + Sparkline.count(rate) + "/s</span>");
        return rate;
    }

    private void actions(Html out) {
        boolean enabled = rs.override().equals("enabled");
        for (String action : enabled ? List.of("drain", "disable", "weight") : List.of("enable", "weight")) {
            out.tag("<button type=\"button\"")
                    .attribute("data-action", action)
                    .attribute("aria-label", action + " " + rs.address())
                    .tag(">")
                    .text(action)
                    .tag("</button>");
        }
    }
}
