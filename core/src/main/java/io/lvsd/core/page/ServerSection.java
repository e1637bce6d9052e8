package io.lvsd.core.page;

import io.lvsd.core.view.Durations;
import io.lvsd.core.view.StatusReport.Check;
import io.lvsd.core.view.StatusReport.Condition;
import io.lvsd.core.view.StatusReport.Probe;
import io.lvsd.core.view.StatusReport.RealServer;
import io.lvsd.core.view.StatusReport.Service;
import io.lvsd.core.view.StatusReport.SorryServer;
import io.lvsd.core.view.StatusReport.VirtualServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** One virtual server with its real servers. */
final class ServerSection {
    private final PageInput in;
    private final VirtualServer server;
    private final String service;
    private final String id;

    ServerSection(PageInput in, VirtualServer server) {
        this.in = in;
        this.server = server;
        this.service =
                server.services().isEmpty() ? "" : server.services().getFirst().key();
        this.id = "vs-" + Integer.toHexString(server.id().hashCode());
    }

    static boolean isProblem(VirtualServer server) {
        return server.condition() != Condition.OK && server.condition() != Condition.SUSPENDED
                || server.panic()
                || server.realServers().stream().anyMatch(ServerSection::isProblem);
    }

    private static boolean isProblem(RealServer server) {
        return server.state().equals("down")
                || !server.override().equals("enabled")
                || server.overrideWeight().isPresent();
    }

    private Html part() {
        return new Html(in.report().time());
    }

    String html() {
        Html head = head();
        Html out = part();
        out.tag("<section class=\"vs\"")
                .attribute("id", id)
                .attribute("data-vs", server.id())
                .attribute("data-live", "" + server.liveWeight())
                .attribute("data-problem", "" + isProblem(server))
                .attribute("data-text", server.name().orElse("") + " " + server.id())
                .attribute("aria-labelledby", id + "-h")
                .tag(">\n<div class=\"head\"")
                .attribute("data-rev", head.stable())
                .tag(">")
                .tag(head.toString())
                .tag("</div>\n");
        table(out);
        Html foot = foot();
        return out.tag("<div class=\"foot\"")
                .attribute("data-rev", foot.stable())
                .tag(">")
                .tag(foot.toString())
                .tag("</div></section>\n")
                .toString();
    }

    private Html head() {
        Html out = part();
        out.tag("<h2 id=\"" + id + "-h\">");
        server.name().ifPresent(n -> out.text(n).tag(" "));
        out.tag("<span class=\"id\">")
                .text(server.id())
                .tag("</span> <span class=\"badge " + style(server.condition()) + "\">")
                .text(word(server.condition()))
                .tag("</span></h2><p>")
                .text(server.state())
                .tag(" for ")
                .ago(server.since())
                .text(", " + server.quorumText())
                .tag("</p>");
        if (server.panic()) {
            out.tag("<p class=\"alert down\">Panic: failed real servers receive connections</p>");
        }
        if (server.suspended()) {
            out.tag("<p>Its checks are suspended, as no virtual address is on this host.</p>");
        }
        server.services().forEach(s -> service(out, s));
        server.sorryServer().ifPresent(s -> sorryServer(out, s));
        return out;
    }

    private static String word(Condition condition) {
        return condition == Condition.SORRY_SERVER
                ? "sorry server in use"
                : condition.name().toLowerCase(Locale.ROOT);
    }

    private static String style(Condition condition) {
        return switch (condition) {
            case OK -> "ok";
            case DEGRADED -> "degraded";
            case SORRY_SERVER, DOWN -> "down";
            case SUSPENDED -> "quiet";
        };
    }

    private void service(Html out, Service s) {
        boolean named = server.services().size() > 1 || s.failure().isPresent() || !s.inTable();
        out.tag("<p class=\"service\">");
        if (named) {
            out.text(s.key()
                            + (s.inTable() ? "" : " is not in the table")
                            + s.failure().map(f -> ": " + f).orElse(""))
                    .tag(" ");
        }
        chart(out, s.key(), "", "connections per second of " + s.key(), s.connectionsPerSecond());
        out.tag("</p>");
    }

    private void chart(Html out, String of, String destination, String what, long rate) {
        in.traffic().of(of, destination).ifPresent(t -> out.tag(Sparkline.of(t.rate(), what)));
        out.tag(" <span class=\"rate\">" + rate + "/s</span>");
    }

    private static void sorryServer(Html out, SorryServer sorry) {
        String programmed = sorry.programmed().values().stream().distinct().collect(Collectors.joining(", "));
        out.tag("<p>sorry server ").text(sorry.address());
        out.tag(sorry.inUse() ? ": <strong class=\"down\">in use</strong>" : ": not in use");
        if (!programmed.isEmpty() && !programmed.equals(sorry.address())) {
            out.text(", programmed as " + programmed);
        }
        sorry.since().ifPresent(s -> out.tag(" for ").ago(s));
        if (sorry.activations() > 0) {
            out.text(", activated " + sorry.activations() + (sorry.activations() == 1 ? " time" : " times"));
        }
        sorry.failure()
                .ifPresent(f -> out.tag(" <strong class=\"down\">cannot be used: ")
                        .text(f)
                        .tag("</strong>"));
        out.tag("</p>");
    }

    private void table(Html out) {
        out.tag("<table><caption class=\"hidden\">Real servers of ")
                .text(server.name().orElse(server.id()))
                .tag("</caption><thead><tr>");
        for (String column : List.of(
                "Real server",
                "State",
                "Checks",
                "Last probe",
                "Weight",
                "Active",
                "Connections per second",
                "Actions")) {
            boolean actions = column.equals("Actions");
            out.tag("<th scope=\"col\"" + (actions ? " class=\"actions\"" : "") + ">")
                    .text(column)
                    .tag("</th>");
        }
        out.tag("</tr></thead><tbody>\n");
        int order = 0;
        for (RealServer rs : server.realServers()) {
            if (!in.onlyProblems() || isProblem(rs)) {
                out.tag(row(rs, order));
            }
            order++;
        }
        out.tag("</tbody></table>\n");
    }

    private String row(RealServer rs, int order) {
        Html cells = part();
        cells.tag("<th scope=\"row\">").text(rs.address()).tag("</th>");
        cells.tag("<td data-label=\"State\"><span class=\"badge " + style(rs) + "\">")
                .text(state(rs))
                .tag("</span> <span class=\"quiet\">")
                .ago(rs.since())
                .tag("</span></td>");
        cells.tag("<td data-label=\"Checks\" class=\"checks\">");
        checks(cells, rs);
        cells.tag("</td><td data-label=\"Last probe\" class=\"probe\">");
        lastProbe(cells, rs);
        cells.tag("</td><td data-label=\"Weight\" class=\"number\">").text(weight(rs));
        Optional<TrafficHistory.Samples> traffic = in.traffic().of(service, rs.address());
        cells.tag("</td><td data-label=\"Active\" class=\"number\">")
                .text(
                        rs.activeConnections().isPresent()
                                ? rs.activeConnections().getAsLong() + " "
                                : "-");
        traffic.ifPresent(t -> cells.tag(Sparkline.of(t.active(), "active connections of " + rs.address())));
        cells.tag("</td><td data-label=\"Connections per second\" class=\"number\">");
        int[] rates = traffic.map(TrafficHistory.Samples::rate).orElse(new int[0]);
        long rate = rates.length == 0 ? 0 : rates[rates.length - 1];
        chart(cells, service, rs.address(), "connections per second of " + rs.address(), rate);
        cells.tag("</td><td class=\"actions\">");
        actions(cells, rs);
        cells.tag("</td>");
        return part().tag("<tr")
                .attribute("id", id + "-" + Integer.toHexString(rs.address().hashCode()))
                .attribute("data-rs", rs.address())
                .attribute("data-order", "" + order)
                .attribute("data-state", rs.state())
                .attribute("data-rate", "" + rate)
                .attribute("data-weight", "" + (serves(rs) ? rs.weight() : 0))
                .attribute("data-active", "" + rs.activeConnections().orElse(0))
                .attribute("data-problem", "" + isProblem(rs))
                .attribute("data-text", rs.address() + " " + checksText(rs))
                .attribute("data-rev", cells.stable())
                .tag(">")
                .tag(cells.toString())
                .tag("</tr>\n")
                .toString();
    }

    private static boolean serves(RealServer rs) {
        return rs.state().equals("up") && rs.override().equals("enabled");
    }

    private static String style(RealServer rs) {
        if (rs.state().equals("down")) {
            return "down";
        }
        return rs.override().equals("enabled") && !rs.pending() ? "ok" : "quiet";
    }

    private static String state(RealServer rs) {
        String state = rs.pending() ? "not probed" : rs.state();
        return (rs.override().equals("enabled") ? state : state + ", " + rs.override())
                + (rs.retained() ? ", retained" : "");
    }

    private static void checks(Html out, RealServer rs) {
        if (rs.checks().isEmpty()) {
            out.tag("no checks");
        }
        for (Check check : rs.checks()) {
            out.tag("<div>").text(check.kind() + " " + check.state());
            if (check.tolerated() > 0 && check.state().equals("up")) {
                out.text(" failing " + check.tolerated() + " of " + (check.retry() + 1));
            }
            check.reason()
                    .ifPresent(r -> out.tag(": <span class=\"reason\">").text(r).tag("</span>"));
            check.certificateExpires()
                    .ifPresent(at -> out.tag(" <span class=\"quiet\">certificate valid for ")
                            .until(at)
                            .tag("</span>"));
            out.tag("</div>");
        }
    }

    private static String checksText(RealServer rs) {
        return rs.checks().stream()
                .map(c -> c.kind() + " " + c.state() + " " + c.reason().orElse(""))
                .collect(Collectors.joining(" "));
    }

    private static void lastProbe(Html out, RealServer rs) {
        for (Check check : rs.checks()) {
            out.tag("<div>");
            check.lastProbe().ifPresent(p -> out.text(Durations.millis(p.durationMillis())));
            check.nextProbe()
                    .ifPresent(at ->
                            out.tag(" <span class=\"quiet\">next in ").until(at).tag("</span>"));
            check.lastProbe()
                    .map(ServerSection::phases)
                    .filter(p -> !p.isEmpty())
                    .ifPresent(p -> out.tag(" <span class=\"phases\">").text(p).tag("</span>"));
            out.tag("</div>");
        }
    }

    private static String phases(Probe probe) {
        List<String> phases = new ArrayList<>();
        probe.connectMillis().ifPresent(m -> phases.add("connect " + Durations.millis(m)));
        probe.tlsMillis().ifPresent(m -> phases.add("TLS " + Durations.millis(m)));
        probe.firstByteMillis().ifPresent(m -> phases.add("first byte " + Durations.millis(m)));
        probe.responseMillis().ifPresent(m -> phases.add("response " + Durations.millis(m)));
        if (probe.status().isPresent()) {
            phases.add("status " + probe.status().getAsLong());
        }
        // A connection alone takes as long as the whole probe.
        return phases.size() == 1 ? "" : String.join(", ", phases);
    }

    private static String weight(RealServer rs) {
        List<String> others = new ArrayList<>();
        if (rs.overrideWeight().isPresent()) {
            others.add("override");
        }
        if (rs.weight() != rs.configuredWeight()) {
            others.add("configured " + rs.configuredWeight());
        }
        if (rs.tableWeight().isPresent() && rs.tableWeight().getAsLong() != rs.weight()) {
            others.add("table " + rs.tableWeight().getAsLong());
        }
        return rs.weight() + (others.isEmpty() ? "" : " (" + String.join(", ", others) + ")");
    }

    private static void actions(Html out, RealServer rs) {
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

    private Html foot() {
        Html out = part();
        server.draining()
                .forEach(d -> out.tag("<p>draining ")
                        .text(d.address() + " in " + d.service() + ": " + d.activeConnections()
                                + " active connections, for ")
                        .ago(d.since())
                        .tag("</p>"));
        List<PageEvent> events = in.events().getOrDefault(server.id(), List.of());
        if (!events.isEmpty()) {
            out.tag("<details><summary>Recent events (" + events.size() + ")</summary><ol class=\"events\">");
            events.forEach(e -> out.tag("<li class=\"" + e.level().toLowerCase(Locale.ROOT) + "\">")
                    .ago(e.at())
                    .text(" ago: " + e.text())
                    .tag("</li>"));
            out.tag("</ol></details>");
        }
        return out;
    }
}
