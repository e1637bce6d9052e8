package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.core.engine.EngineState.Phase;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.ReadingDifference;
import io.lvsd.core.plan.SorryBackend;
import io.lvsd.core.plan.SorryNotice;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.model.ServiceState;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The state machine of the daemon. Pure: the same state, event and time always give the same step. */
public final class Engine {
    private Engine() {}

    /** @param now monotonic nanoseconds, passed in by the loop */
    public static Step step(EngineState state, Event event, long now) {
        StepBuilder step = new StepBuilder(state, now);
        switch (event) {
            case Event.Started started -> step.config.started(started);
            case Event.Reloaded(var config) -> step.config.reloaded(config);
            case Event.StopRequested() -> step.config.stop();
            case Event.ProbeFinished finished -> step.health.probeFinished(finished);
            case Event.ProbesFinished(var all) -> all.forEach(step.health::probeFinished);
            case Event.Overridden(var server, var override, var user) -> step.health.overridden(server, override, user);
            case Event.MaintenanceRequested requested -> step.maintenance.requested(requested);
            case Event.HostChanged(var host) -> step.sorry.hostChanged(host);
            case Event.SorryChecked(var failures) -> step.sorry.checked(failures);
            case Event.KernelRead reading -> kernelRead(step, reading);
            case Event.KernelFailed(var reason) -> step.table.kernelFailed(reason);
            case Event.Applied(var plan, var results) ->
                step.table.applied(plan, results, step.config.owners().keySet());
            case Event.Tick(var time) -> tick(step, time);
            case Event.DayBegan(long day, var expired) -> step.config.dayBegan(day, expired);
        }
        return step.build();
    }

    private static void kernelRead(StepBuilder step, Event.KernelRead reading) {
        var before = step.before.table().lastRead().services();
        var services = reading.table().services();
        ReadingDifference difference = reading.part()
                .map(part -> ReadingDifference.of(part, before, services))
                .orElseGet(() -> ReadingDifference.between(before, services));
        if (step.config.isRunning()) {
            step.health.tableRead(difference);
        }
        step.table.read(reading, difference);
        if (step.config.isRunning()) {
            step.config.number(difference);
        }
    }

    private static void tick(StepBuilder step, Instant time) {
        step.maintenance.at(time);
        if (step.config.isRunning()) {
            step.health.advance();
        }
        if (step.config.isRunning() || step.config.phase() == Phase.STOPPING) {
            step.table.retry();
            step.table.readIfDue();
        }
    }

    /** Every check of a configuration, by its identity. */
    public static Map<CheckId, CheckConfig> checks(DaemonConfig config) {
        Map<CheckId, CheckConfig> checks = new HashMap<>();
        config.virtualServers()
                .forEach(vs -> ServerStates.fresh(vs, Map.of(), (_, _) -> true)
                        .realServers()
                        .forEach(rs -> rs.checks().forEach(c -> checks.put(c.id(), c.config()))));
        return checks;
    }

    /**
     * Whether a probe may start: one that goes through a virtual address needs its service in the table, as it would reach
     * another server without it.
     */
    public static boolean mayProbe(EngineState state, ProbeKey key) {
        if (!(key.spec() instanceof CheckSpec.Remote spec)
                || spec.target().realServer().isEmpty()
                || state.table().shadow().isPresent()) {
            return true;
        }
        ProbeAddress target = spec.target();
        ServiceState path = state.table().actual().get(Translation.path(target.address(), target.mark()));
        return path != null
                && path.destinations().size() == 1
                && path.destinations().values().stream()
                        .allMatch(d -> d.config().usable()
                                && d.config()
                                        .key()
                                        .address()
                                        .equals(target.realServer().get()));
    }

    /** Whether the checks of a virtual server are suspended, as none of its addresses is on this host. */
    public static boolean isSuspended(EngineState state, VirtualServerConfig server) {
        return CheckActivation.isSuspended(server, state.sorry().host());
    }

    /** The backends on this host that the sorry servers of a configuration need, before the engine runs. */
    public static Set<SorryBackend> sorryBackends(DaemonConfig config, HostFacts host) {
        SorryState sorry = SorryState.of(config, host);
        for (var server : config.virtualServers()) {
            sorry = sorry.choose(server, SorryNotice.NONE);
        }
        return sorry.allBackends();
    }
}
