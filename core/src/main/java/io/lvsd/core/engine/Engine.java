package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.SorryRoutes.Need;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.model.ServiceState;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The state machine of the daemon. Pure: the same state, event and time always give the same step. */
public final class Engine {
    private Engine() {}

    /** @param now monotonic nanoseconds, passed in by the loop */
    public static Step step(EngineState state, Event event, long now) {
        Turn turn = new Turn(state, now);
        switch (event) {
            case Event.Started started -> turn.started(started);
            case Event.Reloaded(var config) -> turn.reloaded(config);
            case Event.ProbeFinished finished -> turn.probeFinished(finished);
            case Event.ProbesFinished(var all) -> all.forEach(turn::probeFinished);
            case Event.Overridden(var server, var override) -> turn.overridden(server, override);
            case Event.KernelRead(var table, long nanos) -> turn.kernelRead(table, nanos);
            case Event.KernelFailed(var reason) -> turn.kernelFailed(reason);
            case Event.Applied(var plan, var results) -> turn.applied(plan, results);
            case Event.HostChanged(var host) -> turn.hostChanged(host);
            case Event.SorryChecked(var failures) -> turn.sorryChecked(failures);
            case Event.Tick() -> turn.tick();
            case Event.StopRequested() -> turn.stop();
        }
        return turn.finish();
    }

    /** Every check of a configuration under the identity that its verdict has. */
    public static Map<CheckId, CheckConfig> checks(DaemonConfig config) {
        Map<CheckId, CheckConfig> checks = new HashMap<>();
        config.virtualServers()
                .forEach(vs -> ServerStates.fresh(vs, Map.of(), (_, _) -> true)
                        .realServers()
                        .forEach(rs -> rs.checks().forEach(c -> checks.put(c.id(), c.config()))));
        return checks;
    }

    /** Whether the service that a probe travels through is in the table; without it, the probe would reach another server. */
    public static boolean isOpen(EngineState state, ProbeKey key) {
        if (!(key.spec() instanceof CheckSpec.Remote spec)
                || spec.target().realServer().isEmpty()) {
            return true;
        }
        ProbeAddress where = spec.target();
        ServiceState path = state.table().actual().get(Translation.path(where.address(), where.mark()));
        return path != null
                && path.destinations().size() == 1
                && path.destinations().values().stream()
                        .allMatch(d -> d.config().usable()
                                && d.config()
                                        .key()
                                        .address()
                                        .equals(where.realServer().get()));
    }

    /** Whether the checks of a virtual server rest, as its address is elsewhere. */
    public static boolean isSuspended(EngineState state, VirtualServerConfig server) {
        return CheckActivation.isSuspended(server, state.sorry().host());
    }

    /** What local sorry servers of a configuration need on a host, before the engine runs. */
    public static Set<Need> needs(DaemonConfig config, HostFacts host) {
        SorryState sorry = SorryState.EMPTY.withHost(host);
        for (var server : config.virtualServers()) {
            sorry = sorry.choose(server);
        }
        return sorry.allNeeds();
    }
}
