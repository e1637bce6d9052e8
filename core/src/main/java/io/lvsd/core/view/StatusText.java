package io.lvsd.core.view;

import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.engine.Engine;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.view.DriverStatus.Withheld;
import io.lvsd.ipvs.embedded.EmbeddedIpvs.Endings;
import java.util.TreeMap;

/** The state of the daemon as text, for {@code lvsd status}. */
public final class StatusText {
    private StatusText() {}

    /** Which servers are up or down, and why, as lines. */
    public static String text(EngineState state, DriverStatus driver) {
        StringBuilder out = new StringBuilder();
        if (driver.dryRun()) {
            out.append("DRY RUN: driver memory, no IPVS command and no notification is sent\n");
        }
        driver.endings().ifPresent(e -> out.append(line(e)));
        for (VirtualServerConfig config : state.config().virtualServers()) {
            state.server(config.id()).ifPresent(vs -> {
                out.append(line(state, vs)).append('\n');
                vs.realServers().forEach(rs -> out.append("  ").append(line(rs)).append('\n'));
            });
        }
        failures(out, state);
        driver.withheld().filter(w -> w.count() > 0).ifPresent(w -> withheld(out, w));
        return out.toString();
    }

    private static String line(Endings endings) {
        return "driver embedded: " + endings.connections() + " connections, " + endings.sessions()
                + " UDP sessions; evicted " + (endings.connectionsEvicted() + endings.sessionsEvicted()) + ", expired "
                + (endings.connectionsExpired() + endings.sessionsExpired()) + "\n";
    }

    private static String line(EngineState state, VsState vs) {
        return vs.config().id() + "  " + (vs.quorumUp() ? "UP" : "DOWN") + "  live weight " + vs.liveWeight()
                + ", quorum " + vs.config().quorum() + sorry(state, vs)
                + (Engine.isSuspended(state, vs.config()) ? ", SUSPENDED: no virtual address on this host" : "")
                + (vs.panics() ? ", PANIC: failed real servers remain in the table" : "");
    }

    private static void failures(StringBuilder out, EngineState state) {
        state.table()
                .failures()
                .active()
                .forEach((subject, failure) -> out.append("failure: ")
                        .append(subject)
                        .append(": ")
                        .append(failure.reason())
                        .append('\n'));
        state.table()
                .drifts()
                .forEach(d -> out.append("drift: ")
                        .append(d.service())
                        .append(' ')
                        .append(d.what())
                        .append(' ')
                        .append(d.detail())
                        .append('\n'));
        new TreeMap<>(state.table().incidents())
                .forEach((kind, count) -> out.append("drift since start: ")
                        .append(kind)
                        .append(' ')
                        .append(count)
                        .append('\n'));
    }

    private static void withheld(StringBuilder out, Withheld withheld) {
        out.append("withheld by the dry run: ").append(withheld.count()).append("; last:\n");
        withheld.last().forEach(l -> out.append("  ").append(l).append('\n'));
    }

    private static String sorry(EngineState state, VsState vs) {
        return vs.config()
                .sorry()
                .map(s -> ", sorry server " + s.id() + (StatusTerms.sorryInUse(state, vs) ? " IN USE" : ""))
                .orElse("");
    }

    private static String line(RsState rs) {
        String checks = rs.checks().isEmpty()
                ? "no checks"
                : String.join("; ", rs.checks().stream().map(StatusTerms::line).toList());
        return rs.config().id() + "  " + (rs.alive() ? "up" : "down") + override(rs)
                + (rs.isRetained() ? " RETAINED until a replacement is up" : "") + "  weight " + weight(rs) + "  "
                + checks;
    }

    private static String override(RsState rs) {
        return switch (rs.override().mode()) {
            case ENABLED -> "";
            case DRAINED -> " DRAINED";
            case DISABLED -> " DISABLED";
        };
    }

    private static String weight(RsState rs) {
        long configured = rs.config().weight();
        if (rs.override().weight().isPresent()) {
            return rs.weight() + " OVERRIDE (configured " + configured + ")";
        }
        if (rs.ramp().isPresent()) {
            return rs.tableWeight() + " of " + rs.weight() + ", slow start";
        }
        return rs.weight() == configured
                ? String.valueOf(configured)
                : rs.weight() + " (configured " + configured + ")";
    }
}
