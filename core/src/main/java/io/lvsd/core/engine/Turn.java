package io.lvsd.core.engine;

import io.lvsd.checkers.health.HealthPolicy;
import io.lvsd.checkers.health.HealthPolicy.Report;
import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.schedule.ProbeScheduler;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.KernelConfig;
import io.lvsd.conf.model.KernelConfig.StopFlush;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.value.StopMode;
import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.core.engine.EngineState.Phase;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.Plan;
import io.lvsd.core.plan.Quorum;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.core.plan.SorryRoutes.Need;
import io.lvsd.core.plan.Translation;
import io.lvsd.core.plan.UnansweredTraffic;
import io.lvsd.core.plan.WantedService;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSet;

/** One step in the making: lives for one event, on one thread, and leaves an immutable state and effects behind. */
final class Turn {
    private final EngineState before;
    private final List<Effect> effects = new ArrayList<>();
    private final LogEvents announcer = new LogEvents(effects);
    private final MembershipEvents members = new MembershipEvents(effects, announcer);
    private final CheckActivation probing = new CheckActivation(effects);
    private final TableStep table;
    private final long now;
    private DaemonConfig config;
    private PMap<VsId, VsState> servers;
    private SorryState sorry;
    private RowNumbers rows;
    private Phase phase;
    private PSet<VsId> timed;
    /** What was said of panics in this step. */
    private final Map<VsId, Boolean> panics = new HashMap<>();

    Turn(EngineState state, long now) {
        this.before = state;
        this.config = state.config();
        this.servers = state.servers();
        this.sorry = state.sorry();
        this.rows = state.rows();
        this.phase = state.phase();
        this.timed = state.timed();
        this.now = now;
        this.table = new TableStep(state.table(), now, effects);
    }

    Step finish() {
        if (phase != Phase.STARTING && phase != Phase.STOPPED) {
            boolean stopping = phase == Phase.STOPPING;
            table.plan(config.lvsd().repair(), stopping ? KernelConfig.NONE : config.kernel(), stopping);
        }
        if (phase == Phase.STOPPING && table.isEmptied()) {
            phase = Phase.STOPPED;
            effects.add(new Effect.Exit());
        }
        if (!rows.equals(before.rows())) {
            effects.add(new Effect.SaveRows(rows));
        }
        return new Step(new EngineState(config, servers, sorry, table.state(), rows, phase, timed), effects);
    }

    // ---- start, reload, stop

    void started(Event.Started event) {
        config = event.config();
        rows = event.rows();
        sorry = SorryState.EMPTY.withHost(event.host()).withChecks(event.sorryChecks());
        phase = Phase.RUNNING;
        for (VirtualServerConfig server : config.virtualServers()) {
            sorry = sorry.choose(server);
            servers = servers.plus(server.id(), firstSight(server, event));
        }
        event.known().forEach(this::presume);
        event.overrides().forEach(this::presumeOverride);
        table.adopt(event.table(), event.owned(), configuredKeys());
        table.globals(event.kernel(), config.kernel().flush());
        for (VirtualServerConfig server : config.virtualServers()) {
            members.added(config, Objects.requireNonNull(servers.get(server.id())));
            refresh(server.id());
        }
        servers.values().forEach(vs -> probing.begin(vs, sorry.host(), Set.of()));
        numberRows(event.table().services());
        announcer.publish(
                Level.INFO,
                "daemon.started",
                "virtual_servers",
                config.virtualServers().size(),
                "adopted",
                table.adopted());
    }

    /** A check that has something to say before the first probe. */
    private void presume(CheckId id, ProbeResult outcome) {
        VsState server = servers.get(id.vs());
        if (server != null && server.check(id).isPresent()) {
            CheckState check = server.check(id).get();
            HealthPolicy.Step step = HealthPolicy.after(check.config(), check.health(), outcome, Duration.ZERO);
            VsState after = server.with(id.rs(), check.after(step.state(), outcome, Optional.empty()));
            servers = servers.plus(id.vs(), after);
        }
    }

    /** What an operator said in an earlier life; forgotten if the configuration no longer has the server. */
    private void presumeOverride(RsRef ref, RsOverride said) {
        VsState server = servers.get(ref.vs());
        if (server == null || server.realServer(ref.rs()).isEmpty()) {
            effects.add(new Effect.SaveOverride(ref, RsOverride.NONE));
        } else {
            servers = servers.plus(ref.vs(), server.with(ref.rs(), rs -> rs.with(said)));
        }
    }

    /** A service that is in the table already is taken as it stands until probes say otherwise. */
    private VsState firstSight(VirtualServerConfig server, Event.Started event) {
        Map<ServiceKey, ServiceState> present = event.table().services();
        Optional<ServiceState> adopted = Translation.keys(server).stream()
                .flatMap(k -> Optional.ofNullable(present.get(k)).stream())
                .findFirst();
        if (adopted.isEmpty()) {
            return ServerStates.fresh(server, event.trusted(), (_, check) -> ServerStates.unlessAlpha(check));
        }
        ServiceKey key = adopted.get().config().key();
        Map<DestinationKey, DestinationState> destinations = adopted.get().destinations();
        VsState state = ServerStates.fresh(server, event.trusted(), (rs, _) -> {
            DestinationState found = destinations.get(DesiredState.key(key, rs));
            return found != null && (found.config().usable() || rs.weight() == 0);
        });
        IpvsDestination standIn = sorry.destinations(server).get(key);
        boolean sorryInUse = standIn != null
                && Optional.ofNullable(destinations.get(standIn.key()))
                        .filter(d -> d.config().usable())
                        .isPresent()
                && !isRealServer(server, key, standIn);
        long live = state.liveWeight();
        return state.withQuorum(!sorryInUse && Quorum.next(true, live, server.quorum(), server.hysteresis()));
    }

    private static boolean isRealServer(VirtualServerConfig server, ServiceKey key, IpvsDestination destination) {
        return server.realServers().stream()
                .anyMatch(rs -> DesiredState.key(key, rs).equals(destination.key()));
    }

    @SuppressWarnings("ReferenceEquality") // who loads knows that the files are what they were
    void reloaded(DaemonConfig next) {
        if (next == config) {
            announcer.publish(Level.INFO, "config.loaded", "virtual_servers", servers.size(), "removed", 0);
            return;
        }
        Set<CheckId> gone = CheckActivation.ids(servers.values());
        Set<VsId> kept = new HashSet<>();
        config = next;
        PMap<VsId, VsState> former = servers;
        servers = HashTreePMap.empty();
        for (VirtualServerConfig server : next.virtualServers()) {
            VsState known = former.get(server.id());
            VsState state = known == null
                    ? ServerStates.fresh(server, Map.of(), (_, check) -> ServerStates.unlessAlpha(check))
                    : ServerStates.reloaded(server, known, now);
            servers = servers.plus(server.id(), state);
            timed = Retention.isGoingOn(state) ? timed.plus(server.id()) : timed;
            kept.add(server.id());
        }
        Set<ServiceKey> configured = configuredKeys();
        for (ServiceKey key : before.table().desired().keySet()) {
            if (!configured.contains(key)) {
                sorry = sorry.forget(key);
            }
        }
        table.configured(configured);
        members.removed(before.config(), former, servers);
        next.virtualServers().forEach(server -> {
            sorry = sorry.choose(server);
            VsState state = Objects.requireNonNull(servers.get(server.id()));
            members.changed(config, Optional.ofNullable(former.get(server.id())), state);
            members.retained(state, now);
            refresh(server.id());
        });
        Set<CheckId> current = CheckActivation.ids(servers.values());
        gone.stream().filter(id -> !current.contains(id)).forEach(id -> effects.add(new Effect.ForgetCheck(id)));
        for (VsState server : servers.values()) {
            VsState was = former.get(server.config().id());
            boolean suspended = was != null && CheckActivation.isSuspended(was.config(), sorry.host());
            if (was != null && suspended != CheckActivation.isSuspended(server.config(), sorry.host())) {
                probing.judge(server, suspended, sorry.host());
            } else {
                probing.begin(server, sorry.host(), gone);
            }
        }
        former.values().forEach(this::forgetOverrides);
        prepareSorry();
        numberRows(before.table().actual());
        long removed = former.keySet().stream().filter(id -> !kept.contains(id)).count();
        announcer.publish(Level.INFO, "config.loaded", "virtual_servers", kept.size(), "removed", removed);
    }

    /** Of servers that are gone. */
    private void forgetOverrides(VsState former) {
        VsId id = former.config().id();
        VsState now = servers.get(id);
        for (RsState rs : former.realServers()) {
            RsId server = rs.config().id();
            if (!rs.override().isNone()
                    && (now == null || now.realServer(server).isEmpty())) {
                effects.add(new Effect.SaveOverride(new RsRef(id, server), RsOverride.NONE));
            }
        }
    }

    private Set<ServiceKey> configuredKeys() {
        Set<ServiceKey> keys = new LinkedHashSet<>();
        for (VirtualServerConfig server : config.virtualServers()) {
            keys.addAll(Translation.keys(server));
            keys.addAll(Translation.paths(server).keySet());
        }
        return keys;
    }

    void stop() {
        announcer.publish(
                Level.INFO,
                "daemon.stopping",
                "mode",
                config.lvsd().stop().toString().toLowerCase(java.util.Locale.ROOT));
        if (config.lvsd().stop() == StopMode.KEEP || phase == Phase.STARTING) {
            phase = Phase.STOPPED;
            effects.add(new Effect.Exit());
        } else if (phase == Phase.RUNNING) {
            phase = Phase.STOPPING;
            config.virtualServers().stream()
                    .flatMap(vs -> before.server(vs.id()).stream())
                    .forEach(notifier()::stopped);
            table.configured(Set.of());
            if (config.kernel().stopFlush() == StopFlush.ALL) {
                table.takeEverything();
            }
        }
    }

    // ---- health

    @SuppressWarnings("ReferenceEquality") // the most frequent event, and mostly nothing has changed
    void probeFinished(Event.ProbeFinished finished) {
        CheckId id = finished.check();
        ProbeReport report = finished.report();
        VsState server = servers.get(id.vs());
        Optional<CheckState> known = server == null ? Optional.empty() : server.check(id);
        boolean idle =
                phase != Phase.RUNNING || server != null && CheckActivation.isSuspended(server.config(), sorry.host());
        if (server == null || known.isEmpty() || idle) {
            return;
        }
        CheckState check = known.get();
        ProbeResult outcome = report.outcome();
        HealthPolicy.Step step = HealthPolicy.after(check.config(), check.health(), outcome, report.took());
        CheckState next = check.after(step.state(), outcome, report.certificateEnds());
        next.probeKey()
                .ifPresent(key -> effects.add(new Effect.NextProbe(id, key, finished.at(), delay(check, step, key))));
        if (next == check) {
            return;
        }
        VsState after = server.with(id.rs(), next);
        servers = servers.plus(id.vs(), after);
        announcer.checked(check, step, outcome, server, after);
        RsState was = server.realServer(id.rs()).orElseThrow();
        RsState is = after.realServer(id.rs()).orElseThrow();
        announcer.wished(check, next, was, is);
        boolean first = !check.health().hasRun() && next.health().hasRun();
        if (was.alive() != is.alive() || first && check.config().alpha() && !next.up()) {
            notifier().realServer(server.config(), is.config(), is.alive());
        }
        if (was.weight() != is.weight() || was.alive() != is.alive() || was.known() != is.known()) {
            slowStart(new RsRef(id.vs(), id.rs()), was);
            refresh(id.vs());
        }
        notifier()
                .check(
                        server.config(),
                        next,
                        check.health().up() != next.health().up(),
                        first,
                        was,
                        is);
    }

    private KeepalivedNotifications notifier() {
        return new KeepalivedNotifications(effects, config);
    }

    // ---- what operators say

    void overridden(RsRef ref, RsOverride said) {
        VsState server = servers.get(ref.vs());
        RsState was = server == null ? null : server.realServer(ref.rs()).orElse(null);
        if (server == null || was == null || was.override().equals(said)) {
            return;
        }
        servers = servers.plus(ref.vs(), server.with(ref.rs(), rs -> rs.with(said)));
        effects.add(new Effect.SaveOverride(ref, said));
        announcer.overridden(ref, said);
        slowStart(ref, was);
        refresh(ref.vs());
    }

    private void slowStart(RsRef ref, RsState was) {
        VsState next = SlowStart.judged(Objects.requireNonNull(servers.get(ref.vs())), was, now);
        servers = servers.plus(ref.vs(), next);
        timed = SlowStart.isGoingOn(next) ? timed.plus(ref.vs()) : timed;
    }

    /** What passing time changes: weights in slow start, and servers that are retained no longer. */
    @SuppressWarnings("ReferenceEquality") // an unchanged state is the same object
    private void advance() {
        for (VsId id : timed) {
            VsState server = servers.get(id);
            if (server != null) {
                servers = servers.plus(id, SlowStart.advanced(server, now));
                if (servers.get(id) != server || !Retention.over(server, now).isEmpty()) {
                    refresh(id);
                }
            }
            VsState next = servers.get(id);
            if (next == null || !SlowStart.isGoingOn(next) && !Retention.isGoingOn(next)) {
                timed = timed.minus(id);
            }
        }
    }

    /** Removes the servers that are no longer configured and no longer needed. */
    private void release(VsId id) {
        VsState server = Objects.requireNonNull(servers.get(id), id::toString);
        List<RsState> over = Retention.over(server, now);
        if (over.isEmpty()) {
            return;
        }
        VsState next = server.without(over);
        servers = servers.plus(id, next);
        for (RsState rs : over) {
            rs.checks().forEach(c -> effects.add(new Effect.ForgetCheck(c.id())));
            if (!rs.override().isNone()) {
                effects.add(new Effect.SaveOverride(new RsRef(id, rs.config().id()), RsOverride.NONE));
            }
            members.released(config, server, rs);
        }
    }

    /** After its first pass a check takes the phase that it keeps. */
    private static Duration delay(CheckState check, HealthPolicy.Step step, ProbeKey key) {
        boolean first = !check.health().hasRun() && step.report() == Report.UP;
        Duration loop = check.config().timing().delayLoop();
        return first && step.delay().equals(loop) ? ProbeScheduler.phase(key, loop) : step.delay();
    }

    /** Judges the quorum of one virtual server anew and computes its services. */
    private void refresh(VsId id) {
        release(id);
        VsState server = Objects.requireNonNull(servers.get(id), id::toString);
        VirtualServerConfig conf = server.config();
        boolean up = Quorum.next(server.quorumUp(), server.liveWeight(), conf.quorum(), conf.hysteresis());
        VsState next = server.withQuorum(up);
        servers = servers.plus(id, next);
        Map<ServiceKey, IpvsDestination> standIns = sorry.destinations(conf);
        if (up != server.quorumUp() || !before.servers().containsKey(id)) {
            announcer.quorum(next, up);
            if (before.servers().containsKey(id)) {
                notifier().quorum(next, up);
            } else {
                notifier().quorumAtStart(next);
            }
        }
        boolean panicked =
                panics.getOrDefault(id, before.server(id).map(VsState::panics).orElse(false));
        if (next.panics() != panicked) {
            announcer.panic(next, !panicked);
            panics.put(id, !panicked);
        }
        sorryTrouble(next);
        Map<ServiceKey, WantedService> desired = DesiredState.of(next, standIns);
        table.desire(desired);
    }

    /** Reports once that a sorry server is needed and cannot be used, and once that it can. Not before it was tested. */
    private void sorryTrouble(VsState server) {
        for (ServiceKey key : Translation.keys(server.config())) {
            if (sorry.isBeingTested(key)) {
                continue;
            }
            boolean needed = !server.quorumUp() && server.config().sorry().isPresent();
            String failure = needed ? sorry.failure(key) : "";
            table.sorry(
                    key,
                    failure,
                    "vs",
                    server.config().id(),
                    "service",
                    key,
                    "reason",
                    failure,
                    "effect",
                    "the real servers stay in service");
        }
    }

    // ---- the host

    void hostChanged(HostFacts host) {
        HostFacts former = sorry.host();
        sorry = sorry.withHost(host);
        if (phase == Phase.RUNNING) {
            servers.values().forEach(vs -> probing.judge(vs, CheckActivation.isSuspended(vs.config(), former), host));
        }
        chooseAll();
    }

    void sorryChecked(Map<Need, String> failures) {
        sorry = sorry.withChecks(failures);
        chooseAll();
    }

    private void chooseAll() {
        if (phase != Phase.RUNNING) {
            return;
        }
        for (VirtualServerConfig server : config.virtualServers()) {
            if (server.sorry().isPresent()) {
                SorryState next = sorry.choose(server);
                sorry = next;
                refresh(server.id());
            }
        }
        prepareSorry();
    }

    private void prepareSorry() {
        Set<Need> needs = sorry.allNeeds();
        if (!needs.equals(before.sorry().allNeeds())) {
            effects.add(new Effect.PrepareSorry(needs));
        }
    }

    // ---- the table

    void kernelRead(IpvsSnapshot snapshot, long nanos) {
        if (phase == Phase.RUNNING) {
            probing.look(
                    UnansweredTraffic.between(before.table().lastRead().services(), snapshot.services()),
                    servers.values());
        }
        table.read(snapshot, nanos);
        if (phase == Phase.RUNNING) {
            numberRows(snapshot.services());
        }
    }

    void kernelFailed(String reason) {
        table.failed(reason);
    }

    void applied(Plan plan, List<Event.Result> results) {
        table.applied(plan, results, configuredKeys());
    }

    void tick() {
        if (phase == Phase.RUNNING && !timed.isEmpty()) {
            advance();
        }
        if (phase == Phase.RUNNING || phase == Phase.STOPPING) {
            table.readIfDue();
        }
    }

    /** Configured servers first, in the order of the file, then what else is in the table. */
    private void numberRows(Map<ServiceKey, ServiceState> present) {
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
