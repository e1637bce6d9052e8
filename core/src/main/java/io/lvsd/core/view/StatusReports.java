package io.lvsd.core.view;

import io.lvsd.core.engine.EngineState;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.view.StatusReport.Condition;
import io.lvsd.core.view.StatusReport.Config;
import io.lvsd.core.view.StatusReport.Drift;
import io.lvsd.core.view.StatusReport.Embedded;
import io.lvsd.core.view.StatusReport.Probes;
import io.lvsd.core.view.StatusReport.RealServer;
import io.lvsd.core.view.StatusReport.Summary;
import io.lvsd.core.view.StatusReport.VirtualServer;
import io.lvsd.core.view.StatusReport.Withheld;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Makes status reports from the state of the engine. Pure. */
public final class StatusReports {
    private StatusReports() {}

    /** The report on everything. */
    public static StatusReport of(StatusInput in) {
        EngineState state = in.state();
        List<VirtualServer> servers = state.config().virtualServers().stream()
                .flatMap(config -> state.server(config.id()).stream())
                .map(vs -> ServerReports.virtualServer(in, vs))
                .toList();
        List<Drift> drift = state.table().drifts().stream()
                .sorted()
                .map(d -> new Drift(d.service().toString(), d.what(), d.detail()))
                .toList();
        DaemonInfo info = in.info();
        return new StatusReport(
                in.now().wall(),
                info.version(),
                info.host(),
                info.started(),
                in.driver().word(),
                in.driver().dryRun(),
                in.driver().withheld().map(w -> new Withheld(w.count(), w.last())),
                in.driver()
                        .endings()
                        .map(e -> new Embedded(
                                e.connections(),
                                e.sessions(),
                                e.connectionsEvicted(),
                                e.sessionsEvicted(),
                                e.connectionsExpired(),
                                e.sessionsExpired())),
                new Config(info.configFile(), info.configHash(), info.configLoaded(), info.lastReload()),
                probes(in),
                state.phase().name().toLowerCase(Locale.ROOT),
                summary(servers, drift),
                servers,
                failures(state),
                drift,
                new TreeMap<>(state.table().incidents()),
                ShadowReports.status(in));
    }

    /** The report on one virtual server. */
    public static VirtualServer virtualServer(StatusInput in, VsState server) {
        return ServerReports.virtualServer(in, server);
    }

    /** The report on one real server. */
    public static RealServer realServer(StatusInput in, VsState server, RsState realServer) {
        return ServerReports.realServer(in, server, realServer);
    }

    private static Probes probes(StatusInput in) {
        return new Probes(
                in.lateness().total(),
                tenths(in.lateness().quantile(0.5)),
                tenths(in.lateness().quantile(0.99)),
                tenths(in.lateness().quantile(1)));
    }

    private static double tenths(double millis) {
        return Math.round(millis * 10) / 10.0;
    }

    private static Map<String, String> failures(EngineState state) {
        Map<String, String> failures = new TreeMap<>();
        state.table().failures().active().forEach((subject, failure) -> failures.put(subject, failure.reason()));
        return failures;
    }

    private static Summary summary(List<VirtualServer> servers, List<Drift> drift) {
        List<RealServer> real =
                servers.stream().flatMap(vs -> vs.realServers().stream()).toList();
        return new Summary(
                count(servers, Condition.OK),
                count(servers, Condition.DEGRADED),
                count(servers, Condition.SORRY_SERVER),
                count(servers, Condition.MAINTENANCE),
                count(servers, Condition.DOWN),
                count(servers, Condition.SUSPENDED),
                count(real, rs -> rs.state().equals("up")),
                count(real, rs -> rs.state().equals("down")),
                count(real, rs -> rs.override().equals("drained")),
                count(real, rs -> rs.override().equals("disabled")),
                servers.stream().mapToInt(vs -> vs.draining().size()).sum(),
                drift.size());
    }

    private static int count(List<VirtualServer> servers, Condition condition) {
        return (int) servers.stream().filter(vs -> vs.condition() == condition).count();
    }

    private static int count(List<RealServer> servers, Predicate<RealServer> which) {
        return (int) servers.stream().filter(which).count();
    }

    /** The virtual servers of a report that are not in order. */
    static boolean isProblem(VirtualServer server) {
        return server.condition() != Condition.OK && server.condition() != Condition.SUSPENDED
                || server.panic()
                || server.realServers().stream().anyMatch(StatusReports::isProblem)
                || server.services().stream().anyMatch(s -> s.failure().isPresent())
                || server.sorryServer().flatMap(s -> s.failure()).isPresent();
    }

    /** Whether a real server is down or overridden. */
    static boolean isProblem(RealServer server) {
        return server.state().equals("down")
                || !server.override().equals("enabled")
                || server.overrideWeight().isPresent();
    }
}
