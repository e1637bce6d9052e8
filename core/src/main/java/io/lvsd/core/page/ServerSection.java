package io.lvsd.core.page;

import io.lvsd.core.view.StatusReport.Condition;
import io.lvsd.core.view.StatusReport.Maintenance;
import io.lvsd.core.view.StatusReport.RealServer;
import io.lvsd.core.view.StatusReport.Service;
import io.lvsd.core.view.StatusReport.SorryServer;
import io.lvsd.core.view.StatusReport.VirtualServer;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One virtual server with its real servers. */
final class ServerSection {
    /** More services of one virtual server, as of a range of addresses, are folded. */
    private static final int MANY_SERVICES = 4;

    private final PageInput in;
    private final VirtualServer server;
    private final String service;

    ServerSection(PageInput in, VirtualServer server) {
        this.in = in;
        this.server = server;
        this.service =
                server.services().isEmpty() ? "" : server.services().getFirst().key();
    }

    static boolean isProblem(VirtualServer server) {
        return server.condition() != Condition.OK && server.condition() != Condition.SUSPENDED
                || server.panic()
                || server.realServers().stream().anyMatch(RealServerRow::isProblem);
    }

    private Html part() {
        return new Html(in.report().time());
    }

    String html() {
        Html head = head();
        Html out = part();
        out.tag("<section")
                .attribute("class", "vs " + style(server.condition()))
                .attribute("data-vs", server.id())
                .attribute("data-live", "" + server.liveWeight())
                .attribute("data-floor", "" + Math.max(1, server.quorum() - server.hysteresis()))
                .attribute("data-up", "" + server.state().equals("up"))
                .attribute("data-problem", "" + isProblem(server))
                .attribute("data-text", server.name().orElse("") + " " + server.id())
                .attribute("aria-label", server.name().orElse(server.id()))
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
        out.tag("<div class=\"about\"><h2>");
        server.name().ifPresent(n -> out.tag("<span class=\"name\">").text(n).tag("</span> "));
        out.tag("<span class=\"id\">")
                .text(server.id())
                .tag("</span> <span class=\"badge " + style(server.condition()) + "\">")
                .text(word(server.condition()))
                .tag("</span></h2><p>")
                .text(server.state())
                .tag(" for ")
                .ago(server.since())
                .tag(" <span class=\"quiet\">")
                .text(server.quorumText())
                .tag("</span></p>");
        if (server.panic()) {
            out.tag("<p class=\"alert down\">Panic: failed real servers receive connections</p>");
        }
        if (server.suspended()) {
            out.tag("<p>Its checks are suspended, as no virtual address is on this host.</p>");
        }
        server.maintenance().ifPresent(m -> maintenance(out, m));
        server.sorryServer().ifPresent(s -> sorryServer(out, s));
        out.tag("</div>");
        services(out);
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
            case DEGRADED, MAINTENANCE -> "degraded";
            case SORRY_SERVER, DOWN -> "down";
            case SUSPENDED -> "quiet";
        };
    }

    private void services(Html out) {
        boolean folded = server.services().size() > MANY_SERVICES;
        if (folded) {
            out.tag("<details class=\"services\"><summary>" + server.services().size() + " services</summary>");
        }
        server.services().forEach(s -> service(out, s));
        out.tag(folded ? "</details>" : "");
    }

    private void service(Html out, Service s) {
        out.tag("<p class=\"service\">");
        if (server.services().size() > 1 || s.failure().isPresent() || !s.inTable()) {
            out.tag("<span class=\"key\">").text(s.key());
            if (!s.inTable()) {
                out.tag(" <strong class=\"down\">is not in the table</strong>");
            }
            s.failure()
                    .ifPresent(f -> out.tag(": <strong class=\"down\">").text(f).tag("</strong>"));
            out.tag("</span> ");
        }
        in.traffic()
                .of(s.key(), "")
                .ifPresent(t -> out.tag(Sparkline.of(t.rate(), "connections per second of " + s.key())));
        out.tag(" <span class=\"count\">" + Sparkline.count(s.connectionsPerSecond()) + "/s</span></p>");
    }

    private static void maintenance(Html out, Maintenance maintenance) {
        out.tag("<p class=\"maintenance\">maintenance for ").ago(maintenance.since());
        out.text(", by " + maintenance.source() + ", ");
        maintenance
                .until()
                .ifPresentOrElse(
                        end -> out.text("until " + end.truncatedTo(ChronoUnit.SECONDS)),
                        () -> out.text("without an end"));
        if (!maintenance.allow().isEmpty()) {
            out.text(", allowed: " + String.join(" ", maintenance.allow()));
        }
        maintenance.message().ifPresent(m -> out.text(", message: " + m));
        out.tag("</p>");
    }

    private static void sorryServer(Html out, SorryServer sorry) {
        String programmed = sorry.programmed().values().stream().distinct().collect(Collectors.joining(", "));
        out.tag("<p class=\"sorry\">sorry server ").text(sorry.address());
        out.tag(sorry.inUse() ? ": <strong class=\"down\">in use</strong>" : ": not in use");
        sorry.since().ifPresent(s -> out.tag(" for ").ago(s));
        sorry.connections().ifPresent(n -> out.text(", " + n + (n == 1 ? " connection" : " connections")));
        if (sorry.inUse() && !programmed.equals(sorry.address())) {
            out.text(", programmed as " + programmed);
        }
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
        RealServerRow.COLUMNS.forEach(c -> out.tag("<th scope=\"col\"")
                .attribute("class", c.style())
                .tag(">")
                .text(c.name())
                .tag("</th>"));
        out.tag("</tr></thead><tbody>\n");
        int order = 0;
        for (RealServer rs : server.realServers()) {
            if (!in.onlyProblems() || RealServerRow.isProblem(rs)) {
                out.tag(new RealServerRow(in, service, rs).html(order));
            }
            order++;
        }
        out.tag("</tbody></table>\n");
    }

    /** Those of a virtual server with problems are unfolded. */
    private Html foot() {
        Html out = part();
        server.draining()
                .forEach(d -> out.tag("<p>draining ")
                        .text(d.address() + " in " + d.service() + ": " + d.activeConnections()
                                + (d.activeConnections() == 1 ? " active connection" : " active connections")
                                + ", for ")
                        .ago(d.since())
                        .text(", as " + d.cause())
                        .tag("</p>"));
        List<PageEvent> events = in.events().of(server.id());
        if (!events.isEmpty()) {
            out.tag("<details" + (isProblem(server) ? " open" : "") + "><summary>Recent events (" + events.size()
                    + ")</summary>");
            EventList.write(out, events);
            out.tag("</details>");
        }
        return out;
    }
}
