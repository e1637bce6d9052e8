package io.lvsd.core.page;

import io.lvsd.core.view.DaemonInfo;
import io.lvsd.core.view.StatusReport;
import io.lvsd.core.view.StatusReport.Condition;
import io.lvsd.core.view.StatusReport.Difference;
import io.lvsd.core.view.StatusReport.Summary;
import io.lvsd.core.view.StatusReport.VirtualServer;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The status page as HTML. */
final class StatusPage {
    private static final String HEAD = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="stylesheet" href="/static/lvsd.css"><link rel="icon" href="/static/lvsd.svg" type="image/svg+xml">
        <script src="/static/lvsd.js" defer></script>
        <noscript><meta http-equiv="refresh" content="5"></noscript>
        """;

    private final PageInput in;
    private final StatusReport report;

    private StatusPage(PageInput in) {
        this.in = in;
        this.report = in.report();
    }

    /** The whole page. */
    static String html(PageInput in) {
        return new StatusPage(in).html();
    }

    private String html() {
        Html out = new Html(report.time());
        out.tag(HEAD)
                .element("title", title())
                .tag("</head><body>\n<a class=\"skip\" href=\"#servers\">Skip to the virtual servers</a>\n");
        header(out);
        out.tag("<main>\n");
        summary(out);
        alerts(out);
        filter(out);
        out.tag("<div id=\"servers\" tabindex=\"-1\">\n");
        for (VirtualServer server : sorted()) {
            out.tag(new ServerSection(in, server).html());
        }
        out.tag("</div>\n");
        events(out);
        return out.tag("</main>\n")
                .tag(dialog())
                .tag("<p id=\"live\" class=\"hidden\" role=\"status\" aria-live=\"polite\"></p>\n</body></html>\n")
                .toString();
    }

    /** The tab of a browser shows first what is wrong. */
    private String title() {
        Summary s = report.summary();
        int bad = s.down() + s.sorryServer();
        String state = bad > 0 ? bad + " down" : s.degraded() > 0 ? s.degraded() + " degraded" : "ok";
        return state + " - lvsd on " + report.host();
    }

    /** Those with problems first, otherwise in the order of the configuration. */
    private List<VirtualServer> sorted() {
        return report.virtualServers().stream()
                .filter(vs -> !in.onlyProblems() || ServerSection.isProblem(vs))
                .sorted(Comparator.comparingInt((VirtualServer vs) -> rank(vs.condition())))
                .toList();
    }

    private static int rank(Condition condition) {
        return switch (condition) {
            case DOWN -> 0;
            case SORRY_SERVER -> 1;
            case DEGRADED -> 2;
            case MAINTENANCE -> 3;
            case OK, SUSPENDED -> 4;
        };
    }

    private void header(Html out) {
        out.tag("<header>\n<h1>lvsd <span class=\"host\">")
                .text(report.host())
                .tag("</span></h1>\n<p class=\"clock\"><time id=\"now\"")
                .attribute("datetime", report.time().toString())
                .tag(">")
                .text(report.time().toString().substring(0, 19) + "Z")
                .tag("</time></p>\n<dl class=\"facts\">");
        fact(out, "version", report.version());
        fact(out, "driver", driver());
        out.tag("<div><dt>running for</dt><dd>").ago(report.started()).tag("</dd></div>");
        fact(out, "configuration", report.config().file());
        fact(out, "hash", report.config().hash());
        out.tag("<div><dt>in effect for</dt><dd>").ago(report.config().loaded()).tag("</dd></div></dl>\n</header>\n");
    }

    private String driver() {
        if (report.shadow().isPresent()) {
            return "shadow of " + report.shadow().get().other() + ": the table is read and never written";
        }
        return report.driver() + (report.dryRun() ? ": dry run, no IPVS command is sent" : "");
    }

    private static void fact(Html out, String name, String value) {
        out.tag("<div>").element("dt", name).element("dd", value).tag("</div>");
    }

    private void summary(Html out) {
        Summary s = report.summary();
        out.tag("<section aria-label=\"Summary\" id=\"summary\">");
        panel(out, "Virtual servers");
        tile(out, s.ok(), "ok", "ok");
        tile(out, s.degraded(), "degraded", "degraded");
        tile(out, s.sorryServer(), "sorry server", "down");
        tile(out, s.down(), "down", "down");
        optional(out, s.maintenance(), "in maintenance");
        optional(out, s.suspended(), "suspended");
        out.tag("</ul></div>");
        panel(out, "Real servers");
        tile(out, s.realServersUp(), "up", "ok");
        tile(out, s.realServersDown(), "down", "down");
        optional(out, s.realServersDraining(), "drained");
        optional(out, s.realServersDisabled(), "disabled");
        out.tag("</ul></div>");
        director(out, s.drift());
        out.tag("</section>\n");
    }

    private void director(Html out, int drift) {
        long rate = report.virtualServers().stream()
                .flatMap(vs -> vs.services().stream())
                .mapToLong(StatusReport.Service::connectionsPerSecond)
                .sum();
        panel(out, "Director");
        tile(out, Sparkline.count(rate), "connections per second", "plain");
        if (in.load() >= 0) {
            tile(out, String.format(Locale.ROOT, "%.2f", in.load()), "load", "plain");
        }
        tile(out, drift, "drift", "degraded");
        report.config().lastReload().ifPresentOrElse(r -> reload(out, r), () -> tile(out, "-", "last reload", "none"));
        out.tag("</ul></div>");
    }

    private static void reload(Html out, DaemonInfo.Reload reload) {
        out.tag("<li class=\"" + (reload.result().equals("done") ? "plain" : "down") + "\"><b>")
                .ago(reload.at())
                .tag("</b> <span>ago: last reload ")
                .text(reload.result())
                .tag("</span></li>");
    }

    private static void panel(Html out, String title) {
        out.tag("<div class=\"panel\">").element("h2", title).tag("<ul>");
    }

    private static void optional(Html out, int count, String what) {
        if (count > 0) {
            tile(out, count, what, "plain");
        }
    }

    /** A zero is shown without a colour. */
    private static void tile(Html out, int count, String what, String style) {
        tile(out, Integer.toString(count), what, count == 0 ? "none" : style);
    }

    private static void tile(Html out, String count, String what, String style) {
        out.tag("<li class=\"" + style + "\"><b>" + count + "</b> <span>")
                .text(what)
                .tag("</span></li>");
    }

    private void alerts(Html out) {
        out.tag("<div id=\"alerts\">");
        report.config()
                .lastReload()
                .filter(r -> !r.result().equals("done"))
                .ifPresent(r -> out.tag("<p class=\"alert down\">The last reload, ")
                        .ago(r.at())
                        .tag(" ago, was refused: ")
                        .text(r.text())
                        .tag("</p>"));
        report.failures()
                .forEach((subject, reason) -> out.tag("<p class=\"alert down\">")
                        .text(subject + ": " + reason)
                        .tag("</p>"));
        report.drift()
                .forEach(d -> out.tag("<p class=\"alert degraded\">drift: ")
                        .text(d.service() + " " + d.what() + " " + d.detail())
                        .tag("</p>"));
        report.shadow().ifPresent(s -> s.differences().forEach(d -> difference(out, d)));
        report.withheld()
                .filter(w -> w.count() > 0)
                .ifPresent(w -> out.tag("<p class=\"alert quiet\">withheld by the dry run: ")
                        .text(w.count() + "; last: " + w.last().getLast())
                        .tag("</p>"));
        out.tag("</div>\n");
    }

    private static void difference(Html out, Difference d) {
        out.tag("<p class=\"alert degraded\">difference for ")
                .ago(d.since())
                .text(": " + d.virtualServer() + " " + d.realServer().orElse("service " + d.service()) + " " + d.what()
                        + ", wanted " + d.wanted() + ", table " + d.actual() + "; " + d.cause())
                .tag("</p>");
    }

    private void events(Html out) {
        out.tag("<section id=\"events\" aria-labelledby=\"events-title\"><h2 id=\"events-title\">Recent events</h2>");
        if (in.events().all().isEmpty()) {
            out.tag("<p class=\"quiet\">None since the start.</p>");
        } else {
            EventList.write(out, in.events().all());
        }
        out.tag("</section>\n");
    }

    /** With a script it filters while the user types; without one, the links reload the page. */
    private void filter(Html out) {
        out.tag("""
            <form id="filter" role="search" aria-label="Virtual and real servers" hidden>
            <label class="search">Filter <input id="search" type="search" autocomplete="off" placeholder="address, name or reason"></label>
            <label><input id="problems" type="checkbox"> Problems only</label>
            <label class="sort">Sort real servers by <select id="sort"><option value="config">configuration</option>
            <option value="address">address</option><option value="state">state</option>
            <option value="rate">connections per second</option></select></label>
            <button type="button" id="token-button">Token</button>
            </form>
            """);
        out.tag("<noscript><p>")
                .tag(
                        in.onlyProblems()
                                ? "Problems only. <a href=\"/\">Show all</a>"
                                : "<a href=\"/?only=problems\">Show problems only</a>")
                .tag("</p></noscript>\n");
    }

    private static String dialog() {
        return """
            <dialog id="dialog" aria-labelledby="dialog-title"><form method="dialog">
            <h2 id="dialog-title"></h2><p id="dialog-text"></p>
            <p id="dialog-weight" hidden><label>Weight <input id="weight" inputmode="numeric" pattern="[0-9]{1,10}|auto" value="1">
            </label> a number, or auto for the configured weight</p>
            <p id="dialog-force" hidden><label><input id="force" type="checkbox"> Proceed although it is the last live server
            </label></p>
            <p id="dialog-token"><label>Token with write access <input id="token" type="password" autocomplete="off"></label></p>
            <p id="dialog-error" role="alert"></p>
            <p class="buttons"><button type="button" id="cancel">Cancel</button>
            <button type="submit" id="confirm">Confirm</button></p></form></dialog>
            """;
    }
}
