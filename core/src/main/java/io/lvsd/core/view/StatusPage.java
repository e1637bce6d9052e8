package io.lvsd.core.view;

import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

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
    public static String html(EngineState state, DriverStatus driver) {
        StringBuilder out = new StringBuilder(HEAD);
        out.append("<h1>lvsd</h1>\n<p>driver ").append(driver.word());
        out.append(driver.dryRun() ? ": dry run, no IPVS command is sent" : "").append("</p>\n");
        for (VirtualServerConfig config : state.config().virtualServers()) {
            state.server(config.id()).ifPresent(vs -> server(out, state, vs));
        }
        state.table()
                .failures()
                .active()
                .forEach((subject, failure) -> out.append("<p class=\"down\">")
                        .append(escaped(subject + ": " + failure.reason()))
                        .append("</p>\n"));
        return out.append("</body></html>\n").toString();
    }

    private static void server(StringBuilder out, EngineState state, VsState vs) {
        out.append("<h2>").append(escaped(vs.config().id().text())).append(' ');
        out.append(word(vs.quorumUp()))
                .append("</h2>\n<table><tr><th>server<th>state<th>weight<th>active<th>inactive")
                .append("<th>connections<th>bytes in<th>bytes out<th>checks</tr>\n");
        ServiceKey key = Translation.keys(vs.config()).getFirst();
        Optional<ServiceState> service =
                Optional.ofNullable(state.table().actual().get(key));
        Set<DestinationKey> shown = new HashSet<>();
        for (RsState rs : vs.realServers()) {
            DestinationKey destination = DesiredState.key(key, rs.config());
            shown.add(destination);
            String checks = String.join(
                    "; ", rs.checks().stream().map(StatusTerms::line).toList());
            row(out, destination.toString(), word(rs.alive()), find(service, destination), checks);
        }
        service.ifPresent(s -> s.destinations().forEach((destination, d) -> {
            if (!shown.contains(destination)) {
                boolean sorry = StatusTerms.sorryInUse(state, vs);
                row(out, destination.toString(), sorry ? "sorry server" : "draining", Optional.of(d), "");
            }
        }));
        out.append("</table>\n");
    }

    private static Optional<DestinationState> find(Optional<ServiceState> service, DestinationKey key) {
        return service.flatMap(s -> Optional.ofNullable(s.destinations().get(key)));
    }

    private static void row(
            StringBuilder out, String name, String state, Optional<DestinationState> destination, String checks) {
        out.append("<tr><td>").append(escaped(name)).append("<td>").append(state);
        number(out, destination.map(d -> d.config().weight()));
        number(out, destination.map(DestinationState::active));
        number(out, destination.map(DestinationState::inactive));
        number(out, destination.map(d -> d.stats().connections()));
        number(out, destination.map(d -> d.stats().inBytes()));
        number(out, destination.map(d -> d.stats().outBytes()));
        out.append("<td>").append(escaped(checks)).append("</tr>\n");
    }

    private static void number(StringBuilder out, Optional<Long> value) {
        out.append("<td class=\"number\">")
                .append(value.map(Long::toUnsignedString).orElse("&ndash;"));
    }

    private static String word(boolean up) {
        return up ? "<span class=\"up\">up</span>" : "<span class=\"down\">down</span>";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
