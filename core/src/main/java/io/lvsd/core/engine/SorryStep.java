package io.lvsd.core.engine;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.SorryBackend;
import io.lvsd.core.plan.SorryNotice;
import io.lvsd.core.plan.SorryPorts;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.Map;
import java.util.Set;

/** Sorry servers: chooses a route for each service from facts about this host, and reports those that cannot be used. */
final class SorryStep {
    private final StepBuilder step;
    private SorryState state;

    SorryStep(StepBuilder step) {
        this.step = step;
        this.state = step.before.sorry();
    }

    SorryState state() {
        return state;
    }

    HostFacts host() {
        return state.host();
    }

    Map<ServiceKey, IpvsDestination> destinations(VirtualServerConfig server) {
        return state.destinations(server);
    }

    void start(DaemonConfig config, HostFacts host, Map<SorryBackend, String> checks) {
        state = SorryState.of(config, host).withChecks(checks);
    }

    /**
     * Assigns the ports of the built-in sorry server in another configuration.
     *
     * @return the virtual servers whose ports are others now
     */
    Set<VsId> configure(DaemonConfig config) {
        SorryPorts former = state.ports();
        SorryPorts next = former.with(config.virtualServers());
        state = state.withPorts(next);
        return next.movedFrom(former);
    }

    void choose(VirtualServerConfig server) {
        VsState known = step.health.servers().get(server.id());
        state = state.choose(server, known == null ? SorryNotice.NONE : SorryNotice.of(known));
    }

    /** A maintenance began or ended, or the real servers changed that its allowed clients reach. */
    void noticeChanged(VsState server) {
        if (server.config().sorry().isPresent()) {
            state = state.choose(server.config(), SorryNotice.of(server));
        }
    }

    /** Forgets services that are no longer configured. */
    void forget(Set<ServiceKey> removed) {
        for (ServiceKey key : removed) {
            state = state.forget(key);
        }
    }

    void hostChanged(HostFacts host) {
        HostFacts former = state.host();
        state = state.withHost(host);
        if (step.config.isRunning()) {
            step.health
                    .servers()
                    .values()
                    .forEach(vs -> step.activation.update(vs, CheckActivation.isSuspended(vs.config(), former), host));
        }
        chooseAll();
    }

    void checked(Map<SorryBackend, String> failures) {
        state = state.withChecks(failures);
        chooseAll();
    }

    private void chooseAll() {
        if (!step.config.isRunning()) {
            return;
        }
        for (VirtualServerConfig server : step.config.current().virtualServers()) {
            choose(server);
            if (!state.isSameFor(server, step.before.sorry())) {
                step.health.evaluate(server.id());
            }
        }
    }

    /** The end of a step: has the backends of all routes opened and tested, if they changed. */
    @SuppressWarnings("ReferenceEquality") // an unchanged state is the same object
    void prepare() {
        if (state.needed() == step.before.sorry().needed()) {
            return;
        }
        Set<SorryBackend> backends = state.allBackends();
        if (!backends.equals(step.before.sorry().allBackends())) {
            step.effects.add(new Effect.PrepareSorry(backends));
        }
    }

    /** Reports once that a sorry server is needed and cannot be used, and once that it can; not before it was tested. */
    void report(VsState server) {
        for (ServiceKey key : Translation.keys(server.config())) {
            if (state.isBeingTested(key)) {
                continue;
            }
            String failure = server.needsSorry() ? state.failure(key) : "";
            step.table.sorry(
                    key,
                    failure,
                    "vs",
                    server.config().id(),
                    "reason",
                    failure,
                    "effect",
                    "the real servers stay in service");
        }
    }
}
