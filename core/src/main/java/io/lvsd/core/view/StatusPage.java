package io.lvsd.core.view;

import io.lvsd.core.view.StatusReport.RealServer;
import io.lvsd.core.view.StatusReport.VirtualServer;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The state as an HTML page that the browser reloads every two seconds. */
public final class StatusPage {
    private static final String HEAD = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>lvsd</title>
        <style>
        body { font: 15px/1.4 sans-serif; margin: 2em; color: #222; background: #fff }
        table { border-collapse: collapse; margin-bottom: 2em }
        th, td { padding: .2em .8em; border-bottom: 1px solid #ccc; text-align: left }
        td.number { text-align: right; font-variant-numeric: tabular-nums }
        .up { color: #060 } .down { color: #a00; font-weight: bold }
        </style></head><body>
        """;

    private StatusPage() {}

    /** The whole page. */
    public static String html(StatusReport report) {
        StringBuilder out = new StringBuilder(HEAD);
        out.append("<h1>lvsd</h1>\n<p>driver ").append(report.driver());
        out.append(report.dryRun() ? ": dry run, no IPVS command is sent" : "").append("</p>\n");
        report.virtualServers().forEach(vs -> server(out, vs));
        report.failures()
                .forEach((subject, reason) -> out.append("<p class=\"down\">")
                        .append(escaped(subject + ": " + reason))
                        .append("</p>\n"));
        return out.append("</body></html>\n").toString();
    }

    private static void server(StringBuilder out, VirtualServer server) {
        out.append("<h2>").append(escaped(server.id())).append(' ');
        out.append(word(server.state()))
                .append("</h2>\n<p>")
                .append(escaped(server.quorumText()))
                .append("</p>\n<table><tr><th>server<th>state<th>weight<th>active<th>inactive")
                .append("<th>connections<th>bytes in<th>bytes out<th>checks</tr>\n");
        server.realServers().forEach(rs -> row(out, rs));
        out.append("</table>\n");
        server.sorryServer()
                .ifPresent(s -> out.append("<p>sorry server ")
                        .append(escaped(s.address()))
                        .append(s.inUse() ? ": in use" : ": not in use")
                        .append("</p>\n"));
    }

    private static void row(StringBuilder out, RealServer server) {
        out.append("<tr><td>").append(escaped(server.address())).append("<td>").append(word(server.state()));
        number(out, server.tableWeight());
        number(out, server.activeConnections());
        number(out, server.inactiveConnections());
        number(out, server.connections());
        number(out, server.inBytes());
        number(out, server.outBytes());
        String checks = server.checks().stream()
                .map(c -> c.kind() + " " + c.state()
                        + c.reason().map(r -> ": " + r).orElse(""))
                .collect(Collectors.joining("; "));
        out.append("<td>").append(escaped(checks)).append("</tr>\n");
    }

    private static void number(StringBuilder out, OptionalLong value) {
        out.append("<td class=\"number\">")
                .append(value.isPresent() ? Long.toUnsignedString(value.getAsLong()) : "&ndash;");
    }

    private static String word(String state) {
        return "<span class=\"" + state + "\">" + state + "</span>";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
