package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.KernelConfig;
import io.lvsd.conf.model.RealServerConfig;
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
import io.lvsd.core.plan.ReadingDifference;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.core.plan.SorryRoutes;
import io.lvsd.core.plan.TableDifference.SorryAlias;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pcollections.PMap;

/** Start, reload and stop: owns the configuration, the phase of the daemon and the row numbers. */
final class ConfigStep {
    private final StepBuilder step;
    private final MembershipEvents members;
    private DaemonConfig config;
    private Phase phase;
    private PMap<ServiceKey, VsId> owners;
    private RowNumbers rows;

    ConfigStep(StepBuilder step) {
        this.step = step;
        this.members = new MembershipEvents(step);
        this.config = step.before.config();
        this.phase = step.before.phase();
        this.owners = step.before.owners();
        this.rows = step.before.rows();
    }

    DaemonConfig current() {
        return config;
    }

    Phase phase() {
        return phase;
    }

    /** The virtual server of each configured service. */
    PMap<ServiceKey, VsId> owners() {
        return owners;
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
        step.sorry.start(config, event.host(), event.sorryChecks());
        step.maintenance.at(event.time());
        for (VirtualServerConfig server : config.virtualServers()) {
            step.sorry.choose(server);
            step.health.add(ServerStates.atStart(server, event, step.sorry.destinations(server)));
        }
        event.known().forEach(step.health::restore);
        step.health.restore(event.trusted());
        event.overrides().forEach(step.health::restore);
        step.maintenance.started(event);
        owners = owners.plusAll(owners(config.virtualServers()));
        step.table.adopt(event.table(), event.owned(), owners.keySet());
        step.table.adoptGlobals(event.kernel(), config.kernel().flush());
        for (VirtualServerConfig server : config.virtualServers()) {
            FormerStates.report(
                    step.effects, step.health.get(server.id()), event.trusted().checks());
            members.added(config, step.health.get(server.id()));
            step.health.evaluate(server.id());
        }
        step.health.servers().values().forEach(vs -> step.activation.begin(vs, step.sorry.host(), Set.of()));
        number(config.virtualServers(), event.table().services());
        step.log.started(config.virtualServers().size(), step.table.adopted());
    }

    @SuppressWarnings("ReferenceEquality") // an unchanged configuration is the same object
    void reloaded(DaemonConfig next) {
        if (next == config) {
            step.log.loaded(step.health.servers().size(), MembershipEvents.Counts.NONE);
            return;
        }
        reloaded(next, ConfigDifference.between(config, next));
    }

    /** @param difference what differs; more than that gives the same result at a higher cost */
    void reloaded(DaemonConfig next, ConfigDifference difference) {
        DaemonConfig before = config;
        config = next;
        List<VsState> former = difference.former().stream()
                .map(server -> step.health.get(server.id()))
                .toList();
        step.health.reload(difference);
        reconfigure(difference);
        Set<VsId> moved = step.sorry.configure(next);
        if (before.lvsd().repair() != next.lvsd().repair()) {
            step.table.planEverything();
        }
        members.removed(before, former, step.health.servers());
        Map<VsId, VsState> known = byId(former);
        for (VirtualServerConfig server : difference.next()) {
            step.sorry.choose(server);
            VsState state = step.health.get(server.id());
            members.changed(config, Optional.ofNullable(known.get(server.id())), state);
            members.retained(state, step.now);
            step.maintenance.reloaded(server);
            step.health.evaluate(server.id());
        }
        moveSorryServers(moved, difference.next());
        switchChecks(former, difference.next());
        forgetOverrides(former);
        step.maintenance.forget(former);
        step.health.forget(former);
        List<VirtualServerConfig> unnumbered = difference.next().stream()
                .filter(server -> !hasNumbers(known.get(server.id()), step.health.get(server.id())))
                .toList();
        number(unnumbered, present(unnumbered));
        step.log.loaded(step.health.servers().size(), members.counts());
    }

    /** Chooses again for virtual servers that did not change, but whose ports another one has now. */
    private void moveSorryServers(Set<VsId> moved, List<VirtualServerConfig> changed) {
        changed.forEach(server -> moved.remove(server.id()));
        for (VsId id : moved) {
            step.sorry.choose(step.health.get(id).config());
            step.health.evaluate(id);
        }
    }

    /** Whether services and destinations of a virtual server are those that it had before, and so have row numbers. */
    private static boolean hasNumbers(@Nullable VsState was, VsState is) {
        return was != null
                && is.hasServersOf(was)
                && is.config().targets().equals(was.config().targets())
                && is.config().protocol().equals(was.config().protocol())
                && is.config().sorry().isPresent() == was.config().sorry().isPresent()
                && is.config().snmpIndex().equals(was.config().snmpIndex())
                && was.changesTo(is).stream()
                        .allMatch(change ->
                                hasNumber(change.was().config(), change.is().config()));
    }

    private static boolean hasNumber(RealServerConfig was, RealServerConfig is) {
        return was.forwarding().equals(is.forwarding()) && was.snmpIndex().equals(is.snmpIndex());
    }

    /** Takes over the services that are added, and forgets those that are no longer configured. */
    private void reconfigure(ConfigDifference difference) {
        Map<ServiceKey, VsId> former = owners(difference.former());
        Map<ServiceKey, VsId> next = owners(difference.next());
        owners = owners.minusAll(former.keySet()).plusAll(next);
        Set<ServiceKey> added = new HashSet<>(next.keySet());
        added.removeAll(former.keySet());
        Set<ServiceKey> removed = new HashSet<>(former.keySet());
        removed.removeAll(next.keySet());
        step.sorry.forget(removed);
        step.health.forgetServices(removed);
        step.table.configured(added, removed);
    }

    /** The services of virtual servers, those included that only carry probes. */
    private static Map<ServiceKey, VsId> owners(List<VirtualServerConfig> servers) {
        Map<ServiceKey, VsId> owners = new LinkedHashMap<>();
        for (VirtualServerConfig server : servers) {
            Translation.keys(server).forEach(key -> owners.put(key, server.id()));
            Translation.paths(server).keySet().forEach(key -> owners.put(key, server.id()));
        }
        return owners;
    }

    /** Forgets the overrides of real servers that are gone. */
    private void forgetOverrides(Collection<VsState> former) {
        for (VsState server : former) {
            VsId id = server.config().id();
            VsState current = step.health.servers().get(id);
            if (current != null && current.hasServersOf(server)) {
                continue;
            }
            for (RsState rs : server.realServers()) {
                RsId rsId = rs.config().id();
                boolean gone = current == null || current.realServer(rsId).isEmpty();
                if (gone && !rs.override().isNone()) {
                    step.effects.add(new Effect.SaveOverride(new RsRef(id, rsId), RsOverride.NONE));
                }
            }
        }
    }

    /**
     * Stops the checks that are gone and begins with those that are new.
     *
     * @param former virtual servers that are removed or changed
     * @param next virtual servers that are added or changed
     */
    private void switchChecks(List<VsState> former, List<VirtualServerConfig> next) {
        List<VsState> servers =
                next.stream().map(server -> step.health.get(server.id())).toList();
        Map<VsId, VsState> before = byId(former);
        Map<VsId, VsState> after = byId(servers);
        Set<CheckId> running = CheckActivation.ids(former, after);
        Set<CheckId> current = CheckActivation.ids(servers, before);
        running.stream()
                .filter(id -> !current.contains(id))
                .forEach(id -> step.effects.add(new Effect.ForgetCheck(id)));
        for (VsState server : servers) {
            VsState was = before.get(server.config().id());
            boolean suspended = was != null && CheckActivation.isSuspended(was.config(), step.sorry.host());
            if (was != null && suspended != CheckActivation.isSuspended(server.config(), step.sorry.host())) {
                step.activation.update(server, suspended, step.sorry.host());
            } else {
                step.activation.begin(server, CheckActivation.differing(server, was), step.sorry.host(), running);
            }
        }
    }

    private static Map<VsId, VsState> byId(List<VsState> servers) {
        return servers.stream().collect(Collectors.toMap(vs -> vs.config().id(), Function.identity()));
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
            step.table.configured(Set.of(), owners.keySet());
            step.table.planEverything();
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
                step.table.compare(this::sorryAlias, new ShadowEvents(step, config));
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

    /** The sorry server of a service, which lvsd would program at another address than the configured one. */
    private Optional<SorryAlias> sorryAlias(ServiceKey key) {
        VsId owner = owners.get(key);
        if (owner == null) {
            return Optional.empty();
        }
        VirtualServerConfig server = step.health.get(owner).config();
        IpvsDestination destination = step.sorry.destinations(server).get(key);
        return destination == null
                ? Optional.empty()
                : server.sorry().map(sorry -> new SorryAlias(destination.key(), SorryRoutes.configured(key, sorry)));
    }

    /** What may have no number yet: the services of virtual servers, and those that commands changed since the last reading. */
    private Map<ServiceKey, ServiceState> present(List<VirtualServerConfig> servers) {
        Set<ServiceKey> keys = new HashSet<>(step.before.table().ownership().touched());
        servers.forEach(server -> keys.addAll(Translation.keys(server)));
        Map<ServiceKey, ServiceState> actual = step.before.table().actual();
        Map<ServiceKey, ServiceState> present = new HashMap<>();
        for (ServiceKey key : keys) {
            ServiceState service = actual.get(key);
            if (service != null) {
                present.put(key, service);
            }
        }
        return present;
    }

    /** Numbers SNMP rows of what appeared in the table. */
    void number(ReadingDifference difference) {
        Map<ServiceKey, ServiceState> present = new HashMap<>();
        for (var change : difference.services()) {
            ServiceState is = change.is();
            if (is != null && !ReadingDifference.isSameConfig(change.was(), is)) {
                present.put(change.key(), is);
            }
        }
        if (!present.isEmpty()) {
            number(List.of(), present);
        }
    }

    /**
     * Numbers SNMP rows: configured servers first, in the order of the file, then what else is in the table.
     *
     * @param servers virtual servers that may have no numbers yet
     * @param present services that may have no numbers yet, or destinations without
     */
    private void number(List<VirtualServerConfig> servers, Map<ServiceKey, ServiceState> present) {
        rows = rows.withTable(rows.table().with(RowPins.seen(servers, present), RowPins.table(servers)))
                .withServers(rows.servers().with(RowPins.seen(servers), RowPins.servers(servers)));
    }

    /**
     * Forgets SNMP rows that are neither configured nor in the table and were not for 90 days.
     *
     * @param expired as in {@link Event.DayBegan}
     */
    void dayBegan(long day, RowNumbers expired) {
        List<VirtualServerConfig> servers = config.virtualServers();
        RowNumbers used = new RowNumbers(
                rows.table().only(RowPins.seen(servers, step.before.table().actual())),
                rows.servers().only(RowPins.seen(servers)));
        rows = rows.without(expired, used);
        step.effects.add(new Effect.SaveUse(used, day));
    }
}
