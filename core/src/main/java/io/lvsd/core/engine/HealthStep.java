package io.lvsd.core.engine;

import io.lvsd.checkers.health.HealthPolicy;
import io.lvsd.checkers.health.HealthPolicy.Report;
import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.schedule.ProbeScheduler;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.engine.CheckEvents.TableEffect;
import io.lvsd.core.engine.StateChanges.Change;
import io.lvsd.core.engine.StoredResults.Former;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.Maintenance;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.Quorum;
import io.lvsd.core.plan.ReadingDifference;
import io.lvsd.core.plan.TableChange;
import io.lvsd.core.plan.UnansweredTraffic;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.PMap;
import org.pcollections.PSet;

/** Health: probe results, overrides and time change real servers, and those change the quorum of their virtual server. */
final class HealthStep {
    private final StepBuilder step;
    private PMap<VsId, VsState> servers;
    private PSet<VsId> timed;
    private StateChanges changes;
    /** The quorums of an earlier run, at a start. */
    private Map<VsId, Former> formerQuorums = Map.of();
    /** Whether a virtual server panics, as far as this step has reported it. */
    private final Map<VsId, Boolean> panics = new HashMap<>();
    /** Virtual servers whose wanted services this step may have changed. */
    private final Set<VsId> touched = new LinkedHashSet<>();
    /** The sorry servers in use of a virtual server, as far as this step has reported them. */
    private final Map<VsId, Map<ServiceKey, IpvsDestination>> sorryUse = new HashMap<>();

    HealthStep(StepBuilder step) {
        this.step = step;
        this.servers = step.before.servers();
        this.timed = step.before.timed();
        this.changes = step.before.changes();
    }

    PMap<VsId, VsState> servers() {
        return servers;
    }

    PSet<VsId> timed() {
        return timed;
    }

    StateChanges changes() {
        return changes;
    }

    VsState get(VsId id) {
        return Objects.requireNonNull(servers.get(id), id::toString);
    }

    void put(VsState server) {
        servers = servers.plus(server.config().id(), server);
    }

    // ---- start and reload

    /** A virtual server, whose changes of state are counted from now. */
    void add(VsState server) {
        put(server);
        changes = changes.added(server, step.now);
    }

    /** A passive check has a result before anything is probed. */
    void restore(CheckId id, ProbeResult result) {
        VsState server = servers.get(id.vs());
        if (server != null && server.check(id).isPresent()) {
            CheckState check = server.check(id).get();
            HealthPolicy.Step next = HealthPolicy.after(check.config(), check.health(), result, Duration.ZERO);
            put(server.with(id.rs(), check.after(next.state(), result, Optional.empty())));
        }
    }

    /** The times of the states of an earlier run that continue. */
    void restore(StoredResults.Trusted trusted) {
        formerQuorums = trusted.quorums();
        for (VsState server : servers.values()) {
            changes = FormerStates.changes(changes, server, trusted.checks(), step.now);
        }
    }

    /** An override of an earlier run; forgotten if the configuration no longer has the real server. */
    void restore(RsRef ref, RsOverride override) {
        VsState server = servers.get(ref.vs());
        if (server == null || server.realServer(ref.rs()).isEmpty()) {
            step.effects.add(new Effect.SaveOverride(ref, RsOverride.NONE));
        } else {
            put(server.with(ref.rs(), rs -> rs.with(override)));
        }
    }

    /** Begins, changes or ends maintenance; the virtual server has to be evaluated after it. */
    void maintain(VsId id, Optional<Maintenance> maintenance) {
        put(get(id).with(maintenance));
        step.sorry.noticeChanged(get(id));
        timed = maintenance.flatMap(Maintenance::until).isPresent() ? timed.plus(id) : timed;
    }

    /** Takes over the state of the real servers that stay in the virtual servers that a reload adds or changes. */
    void reload(ConfigDifference difference) {
        PMap<VsId, VsState> former = servers;
        servers = servers.minusAll(
                difference.former().stream().map(VirtualServerConfig::id).toList());
        for (VirtualServerConfig server : difference.next()) {
            VsState known = former.get(server.id());
            VsState state = known == null
                    ? ServerStates.fresh(server, Map.of(), (_, check) -> ServerStates.unlessAlpha(check))
                    : ServerStates.reloaded(server, known, step.now);
            if (known != null && state.hasServersOf(known)) {
                put(state);
                known.changesTo(state).forEach(change -> reloaded(server.id(), change));
            } else {
                add(state);
                if (known != null) {
                    reloaded(known, state);
                }
            }
            timed = state.retains() ? timed.plus(server.id()) : timed;
        }
    }

    /** As {@link #reloaded(VsState, VsState)}, for one real server that stays. */
    @SuppressWarnings("ReferenceEquality") // a reload that changes other settings keeps the list of checks
    private void reloaded(VsId id, VsState.Change change) {
        RsState is = change.is();
        boolean same = is.checks() == change.was().checks();
        changes = same ? changes : changes.addedChecks(is, step.now);
        if (is.alive() != change.was().alive()) {
            changes = changes.realServer(id, is.config().id(), is.alive(), step.now);
        }
        if (!same) {
            changes = changes.removedChecks(
                    change.was(), is.checks().stream().map(CheckState::id).toList());
        }
    }

    /** Counts the changes of state that a reload made, and forgets the real servers and checks that are gone. */
    private void reloaded(VsState was, VsState is) {
        VsId id = is.config().id();
        Set<CheckId> current = CheckActivation.ids(List.of(is));
        for (RsState rs : was.realServers()) {
            Optional<RsState> now = is.realServer(rs.config().id());
            if (now.isEmpty()) {
                changes = changes.removed(id, List.of(rs));
            } else if (now.get().alive() != rs.alive()) {
                changes = changes.realServer(id, rs.config().id(), now.get().alive(), step.now);
            }
            changes = changes.removedChecks(rs, current);
        }
    }

    /** Forgets virtual servers that are gone. */
    void forget(Collection<VsState> former) {
        for (VsState server : former) {
            if (!servers.containsKey(server.config().id())) {
                changes = changes.removed(server);
                step.effects.add(new Effect.ForgetQuorum(server.config().id()));
            }
        }
    }

    /** Forgets services that are no longer configured. */
    void forgetServices(Collection<ServiceKey> removed) {
        changes = changes.withoutServices(removed);
    }

    // ---- probe results

    @SuppressWarnings("ReferenceEquality") // the most frequent event, which mostly changes nothing
    void probeFinished(Event.ProbeFinished finished) {
        CheckId id = finished.check();
        VsState server = servers.get(id.vs());
        Optional<CheckState> known = server == null ? Optional.empty() : server.check(id);
        if (server == null || known.isEmpty() || isIdle(server)) {
            return;
        }
        CheckState check = known.get();
        ProbeReport report = finished.report();
        HealthPolicy.Step health =
                HealthPolicy.after(check.config(), check.health(), report.result(), report.duration());
        CheckState next = check.after(health.state(), report.result(), report.certificateExpiry());
        next.probeKey()
                .ifPresent(key -> step.effects.add(
                        new Effect.NextProbe(id, key, finished.at(), delay(check, health, key), next.routine())));
        if (next != check) {
            changed(server, check, next, health, report);
        }
    }

    private boolean isIdle(VsState server) {
        return !step.config.isRunning() || CheckActivation.isSuspended(server.config(), step.sorry.host());
    }

    /**
     * All checks start within a few seconds. After its first pass a check waits for its share of the interval instead of all of
     * it, so that from then on the checks are distributed over the whole interval.
     */
    private static Duration delay(CheckState check, HealthPolicy.Step health, ProbeKey key) {
        boolean first = !check.health().hasRun() && health.report() == Report.UP;
        Duration loop = check.config().timing().delayLoop();
        return first && health.delay().equals(loop) ? ProbeScheduler.share(key, loop) : health.delay();
    }

    /** A result changed the state of a check. */
    private void changed(
            VsState server, CheckState check, CheckState next, HealthPolicy.Step health, ProbeReport report) {
        RsRef ref = new RsRef(next.id().vs(), next.id().rs());
        VsState after = server.with(ref.rs(), next);
        put(after);
        // What is done in the table is known only after the evaluation, and is reported before its events.
        int place = step.effects.size();
        RsState was = server.realServer(ref.rs()).orElseThrow();
        RsState is = after.realServer(ref.rs()).orElseThrow();
        step.log.weight(next.id(), was, is);
        boolean first = !check.health().hasRun() && next.health().hasRun();
        boolean turned = check.up() != next.up();
        boolean aliveTurned = was.alive() != is.alive();
        long since = aliveTurned
                ? since(changes.realServers().get(ref))
                : since(changes.checks().get(next.id()));
        if (turned) {
            changes = changes.check(next.id(), next.up(), step.now);
        }
        if (was.alive() != is.alive()) {
            changes = changes.realServer(ref.vs(), ref.rs(), is.alive(), step.now);
        }
        if (was.alive() != is.alive() || first && check.config().alpha() && !next.up()) {
            step.notifications().realServer(after, is.config(), is.alive());
        }
        // A first result that changes neither state nor weight only counts for a panic.
        boolean panicChanged = was.known() != is.known() && (server.panics() || after.panics());
        if (was.weight() != is.weight() || aliveTurned || panicChanged) {
            slowStart(ref, was);
            evaluate(ref.vs());
        }
        step.effects.addAll(
                place,
                new CheckEvents(
                                check,
                                next,
                                health,
                                report,
                                aliveTurned,
                                tableEffect(aliveTurned, server, ref.rs()),
                                since(changes.checks().get(next.id())),
                                step.now - since)
                        .effects());
        step.notifications().check(server.config(), next, turned, first, was, is);
    }

    private long since(@Nullable Change change) {
        return change == null ? step.now : change.at();
    }

    private TableEffect tableEffect(boolean turned, VsState before, RsId rs) {
        VsState now = get(before.config().id());
        String change =
                turned ? TableChange.of(rs, before, now, step.sorry.destinations(now.config())) : TableChange.NONE;
        return new TableEffect(step.table.isShadow(), change);
    }

    // ---- overrides, traffic and time

    /** @param user who requested it, for the log */
    void overridden(RsRef ref, RsOverride override, String user) {
        VsState server = servers.get(ref.vs());
        RsState was = server == null ? null : server.realServer(ref.rs()).orElse(null);
        if (server == null || was == null || was.override().equals(override)) {
            return;
        }
        put(server.with(ref.rs(), rs -> rs.with(override)));
        step.effects.add(new Effect.SaveOverride(ref, override));
        step.log.overridden(ref, override, user);
        slowStart(ref, was);
        evaluate(ref.vs());
    }

    /** A new reading shows which real servers get connections and send nothing back: their checks are probed at once. */
    void tableRead(ReadingDifference difference) {
        step.activation.hurry(UnansweredTraffic.of(difference), step.config.owners(), servers);
    }

    @SuppressWarnings("ReferenceEquality") // an unchanged state is the same object
    private void slowStart(RsRef ref, RsState was) {
        VsState known = get(ref.vs());
        VsState next = SlowStart.updated(known, was, step.now);
        if (next != known) {
            put(next);
        }
        timed = next.isInSlowStart() ? timed.plus(ref.vs()) : timed;
    }

    /** Time passes: weights in slow start grow, retained servers are removed, and maintenance ends. */
    @SuppressWarnings("ReferenceEquality") // an unchanged state is the same object
    void advance() {
        for (VsId id : timed) {
            VsState server = servers.get(id);
            if (server != null) {
                put(SlowStart.advanced(server, step.now));
                if (servers.get(id) != server
                        || !Retention.over(server, step.now).isEmpty()) {
                    evaluate(id);
                }
                step.maintenance.advance(get(id));
            }
            VsState next = servers.get(id);
            if (next == null || !isTimed(next)) {
                timed = timed.minus(id);
            }
        }
    }

    private static boolean isTimed(VsState server) {
        return server.isInSlowStart()
                || server.retains()
                || server.maintenance().flatMap(Maintenance::until).isPresent();
    }

    /** Removes real servers that are no longer configured and no longer retained. */
    private void removeRetained(VsId id) {
        VsState server = get(id);
        List<RsState> over = Retention.over(server, step.now);
        if (over.isEmpty()) {
            return;
        }
        put(server.without(over));
        changes = changes.removed(id, over);
        for (RsState rs : over) {
            rs.checks().forEach(c -> step.effects.add(new Effect.ForgetCheck(c.id())));
            if (!rs.override().isNone()) {
                step.effects.add(
                        new Effect.SaveOverride(new RsRef(id, rs.config().id()), RsOverride.NONE));
            }
            step.config.members().released(step.config.current(), server, rs);
        }
    }

    // ---- the virtual server

    /** Evaluates the quorum of one virtual server, whose services are computed at the end of the step. */
    void evaluate(VsId id) {
        removeRetained(id);
        VsState server = get(id);
        VirtualServerConfig config = server.config();
        boolean up = Quorum.next(server.quorumUp(), server.liveWeight(), config.quorum(), config.hysteresis());
        VsState next = server.withQuorum(up);
        if (up != server.quorumUp()) {
            put(next);
        }
        reportQuorum(server, next);
        reportPanic(next);
        if (next.maintenance().filter(m -> !m.allow().isEmpty()).isPresent()) {
            step.sorry.noticeChanged(next);
        }
        step.sorry.report(next);
        reportSorryUse(next);
        touched.add(id);
    }

    /** The end of a step: computes the services of the virtual servers that it touched, each once. */
    void want() {
        for (VsId id : touched) {
            VsState server = servers.get(id);
            if (server != null) {
                step.table.want(DesiredState.of(server, step.sorry.destinations(server.config())));
            }
        }
    }

    private void reportQuorum(VsState was, VsState is) {
        VsId id = is.config().id();
        boolean known = step.before.servers().containsKey(id);
        if (known && was.quorumUp() == is.quorumUp()) {
            return;
        }
        if (known) {
            long lasted = step.now - since(changes.virtualServers().get(id));
            step.log.quorum(is, "", OptionalLong.of(lasted));
            changes = changes.virtualServer(id, is.quorumUp(), step.now);
            step.notifications().quorum(is, is.quorumUp());
        } else {
            Optional<Former> same = Optional.ofNullable(formerQuorums.get(id)).filter(f -> f.up() == is.quorumUp());
            step.log.quorum(is, same.isPresent() ? "stored" : "unknown", OptionalLong.empty());
            changes = same.map(f -> changes.since(id, step.now - f.age().toNanos()))
                    .orElse(changes);
            step.notifications().quorumAtStart(is);
        }
        step.effects.add(new Effect.SaveQuorum(
                id, is.quorumUp(), since(changes.virtualServers().get(id))));
    }

    private void reportSorryUse(VsState server) {
        VsId id = server.config().id();
        Map<ServiceKey, IpvsDestination> before = Optional.ofNullable(sorryUse.get(id))
                .or(() -> step.before.server(id).map(step.before.sorry()::inUse))
                .orElse(Map.of());
        Map<ServiceKey, IpvsDestination> used = step.sorry.state().inUse(server);
        used.forEach((key, destination) -> {
            if (!destination.equals(before.get(key))) {
                step.effects.add(new Effect.UseSorry(key, step.sorry.state().listeners(key)));
            }
            if (!before.containsKey(key)) {
                boolean known = step.before.servers().containsKey(id);
                changes = changes.sorry(
                        key,
                        true,
                        known ? step.now : since(changes.virtualServers().get(id)));
                step.log.sorry(server, key, destination, true, 0);
            }
        });
        before.forEach((key, destination) -> {
            if (!used.containsKey(key)) {
                step.effects.add(new Effect.UseSorry(key, Set.of()));
                step.log.sorry(
                        server,
                        key,
                        destination,
                        false,
                        step.now - since(changes.sorry().get(key)));
                changes = changes.sorry(key, false, step.now);
            }
        });
        sorryUse.put(id, used);
    }

    private void reportPanic(VsState server) {
        VsId id = server.config().id();
        boolean before = panics.getOrDefault(
                id, step.before.server(id).map(VsState::panics).orElse(false));
        if (server.panics() != before) {
            step.log.panic(server, !before);
            panics.put(id, !before);
        }
    }
}
