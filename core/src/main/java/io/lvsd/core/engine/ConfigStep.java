package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.KernelConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.value.StopFlush;
import io.lvsd.conf.value.StopMode;
import io.lvsd.core.engine.EngineState.Phase;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.core.plan.SorryRoutes;
import io.lvsd.core.plan.TableDifference.SorryAlias;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pcollections.PMap;

/** Start, reload and stop: owns the configuration, the phase of the daemon and the row numbers. */
final class ConfigStep {
    private final StepBuilder step;
    private final MembershipEvents members;
    private DaemonConfig config;
    private Phase phase;
    private RowNumbers rows;

    ConfigStep(StepBuilder step) {
        this.step = step;
        this.members = new MembershipEvents(step);
        this.config = step.before.config();
        this.phase = step.before.phase();
        this.rows = step.before.rows();
    }

    DaemonConfig current() {
        return config;
    }

    Phase phase() {
        return phase;
    }

    RowNumbers rows() {
        return rows;
    }

    boolean isRunning() {
        return phase == Phase.RUNNING;
    }

    MembershipEvents members() {
        return members;
    }

    void started(Event.Started event) {
        config = event.config();
        rows = event.rows();
        phase = Phase.RUNNING;
        if (event.shadow()) {
            step.table.observe();
        }
        step.sorry.start(event.host(), event.sorryChecks());
        for (VirtualServerConfig server : config.virtualServers()) {
            step.sorry.choose(server);
            step.health.add(ServerStates.atStart(server, event, step.sorry.destinations(server)));
        }
        event.known().forEach(step.health::restore);
        step.health.restore(event.trusted());
        event.overrides().forEach(step.health::restore);
        step.table.adopt(event.table(), event.owned(), keys());
        step.table.adoptGlobals(event.kernel(), config.kernel().flush());
        for (VirtualServerConfig server : config.virtualServers()) {
            FormerStates.report(
                    step.effects, step.health.get(server.id()), event.trusted().checks());
            members.added(config, step.health.get(server.id()));
            step.health.evaluate(server.id());
        }
        step.health.servers().values().forEach(vs -> step.activation.begin(vs, step.sorry.host(), Set.of()));
        number(event.table().services());
        step.log.started(config.virtualServers().size(), step.table.adopted());
    }

    @SuppressWarnings("ReferenceEquality") // an unchanged configuration is the same object
    void reloaded(DaemonConfig next) {
        if (next == config) {
            step.log.loaded(step.health.servers().size(), MembershipEvents.Counts.NONE);
            return;
        }
        PMap<VsId, VsState> former = step.health.servers();
        DaemonConfig formerConfig = config;
        config = next;
        step.health.reload(next);
        Set<ServiceKey> keys = keys();
        step.sorry.forgetAllBut(keys);
        step.table.configured(keys);
        members.removed(formerConfig, former, step.health.servers());
        for (VirtualServerConfig server : next.virtualServers()) {
            step.sorry.choose(server);
            VsState state = step.health.get(server.id());
            members.changed(config, Optional.ofNullable(former.get(server.id())), state);
            members.retained(state, step.now);
            step.health.evaluate(server.id());
        }
        switchChecks(former);
        forgetOverrides(former.values());
        step.health.forget(former.values(), keys);
        step.sorry.prepare();
        number(step.before.table().actual());
        step.log.loaded(step.health.servers().size(), members.counts());
    }

    /** Forgets the overrides of real servers that are gone. */
    private void forgetOverrides(Collection<VsState> former) {
        for (VsState server : former) {
            VsId id = server.config().id();
            VsState current = step.health.servers().get(id);
            for (RsState rs : server.realServers()) {
                RsId rsId = rs.config().id();
                boolean gone = current == null || current.realServer(rsId).isEmpty();
                if (gone && !rs.override().isNone()) {
                    step.effects.add(new Effect.SaveOverride(new RsRef(id, rsId), RsOverride.NONE));
                }
            }
        }
    }

    /** Stops the checks that are gone and begins with those that are new. */
    private void switchChecks(Map<VsId, VsState> former) {
        Set<CheckId> running = CheckActivation.ids(former.values());
        Map<VsId, VsState> servers = step.health.servers();
        Set<CheckId> current = CheckActivation.ids(servers.values());
        running.stream()
                .filter(id -> !current.contains(id))
                .forEach(id -> step.effects.add(new Effect.ForgetCheck(id)));
        for (VsState server : servers.values()) {
            VsState was = former.get(server.config().id());
            boolean suspended = was != null && CheckActivation.isSuspended(was.config(), step.sorry.host());
            if (was != null && suspended != CheckActivation.isSuspended(server.config(), step.sorry.host())) {
                step.activation.update(server, suspended, step.sorry.host());
            } else {
                step.activation.begin(server, step.sorry.host(), running);
            }
        }
    }

    void stop() {
        step.log.stopping(config.lvsd().stop());
        if (config.lvsd().stop() == StopMode.KEEP || phase == Phase.STARTING || step.table.isShadow()) {
            exit();
        } else if (phase == Phase.RUNNING) {
            phase = Phase.STOPPING;
            config.virtualServers().stream()
                    .flatMap(vs -> step.before.server(vs.id()).stream())
                    .forEach(step.notifications()::stopped);
            step.table.configured(Set.of());
            if (config.kernel().stopFlush() == StopFlush.ALL) {
                step.table.claimEverything();
            }
        }
    }

    private void exit() {
        phase = Phase.STOPPED;
        step.effects.add(new Effect.Exit());
    }

    /** The end of every step: plans the table, ends a stop, and saves row numbers that changed. */
    void plan() {
        if (step.table.isShadow()) {
            if (phase == Phase.RUNNING && step.table.isDirty()) {
                step.table.compare(sorryAliases(), new ShadowEvents(step, config));
            }
        } else if (phase != Phase.STARTING && phase != Phase.STOPPED) {
            boolean stopping = phase == Phase.STOPPING;
            step.table.plan(config.lvsd().repair(), stopping ? KernelConfig.NONE : config.kernel(), stopping);
        }
        DrainingEvents.report(step);
        if (phase == Phase.STOPPING && step.table.isEmptied()) {
            exit();
        }
        if (!rows.equals(step.before.rows())) {
            step.effects.add(new Effect.SaveRows(rows));
        }
    }

    /** The sorry servers that lvsd would program at another address than the configured one. */
    private Map<ServiceKey, SorryAlias> sorryAliases() {
        Map<ServiceKey, SorryAlias> aliases = new HashMap<>();
        for (VirtualServerConfig server : config.virtualServers()) {
            server.sorry()
                    .ifPresent(sorry -> step.sorry
                            .destinations(server)
                            .forEach((key, destination) -> aliases.put(
                                    key, new SorryAlias(destination.key(), SorryRoutes.configured(key, sorry)))));
        }
        return aliases;
    }

    /** The services of the configuration, those included that only carry probes. */
    Set<ServiceKey> keys() {
        Set<ServiceKey> keys = new LinkedHashSet<>();
        for (VirtualServerConfig server : config.virtualServers()) {
            keys.addAll(Translation.keys(server));
            keys.addAll(Translation.paths(server).keySet());
        }
        return keys;
    }

    /** Numbers SNMP rows: configured servers first, in the order of the file, then what else is in the table. */
    void number(Map<ServiceKey, ServiceState> present) {
        Map<ServiceKey, Collection<DestinationKey>> seen = new LinkedHashMap<>();
        for (VirtualServerConfig server : config.virtualServers()) {
            for (ServiceKey key : Translation.keys(server)) {
                Set<DestinationKey> keys = new LinkedHashSet<>();
                server.realServers().forEach(rs -> keys.add(DesiredState.key(key, rs)));
                seen.put(key, keys);
            }
        }
        present.entrySet().stream()
                .filter(e -> !Translation.isPath(e.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> seen.computeIfAbsent(e.getKey(), _ -> new LinkedHashSet<>())
                        .addAll(e.getValue().destinations().keySet()));
        rows = rows.with(seen);
    }
}
