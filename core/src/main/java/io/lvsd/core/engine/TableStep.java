package io.lvsd.core.engine;

import io.lvsd.conf.model.KernelConfig;
import io.lvsd.conf.value.Repair;
import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.core.model.KernelJournal;
import io.lvsd.core.plan.Draining;
import io.lvsd.core.plan.Drift;
import io.lvsd.core.plan.IpvsGlobalState;
import io.lvsd.core.plan.Plan;
import io.lvsd.core.plan.Reconciler;
import io.lvsd.core.plan.TargetService;
import io.lvsd.core.plan.Translation;
import io.lvsd.core.plan.WantedService;
import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/** The table's share of one step: what is wanted, what is there, and the plan that makes the one into the other. */
final class TableStep {
    /** For services that are no longer configured. */
    private static final Duration USUAL_GRACE = Duration.ofSeconds(30);

    private static final String KERNEL = "kernel";
    private static final String COMMAND = "ipvs";

    private static final long READ_INTERVAL = Duration.ofSeconds(2).toNanos();
    /** A reading may take this share of the time: one part in so many. */
    private static final long READ_SHARE = 50;

    private final long now;
    private final List<Effect> effects;
    private IpvsSnapshot lastRead;
    private PMap<ServiceKey, ServiceState> actual;
    private PMap<ServiceKey, ServiceState> programmed;
    private PMap<ServiceKey, WantedService> desired;
    private PMap<ServiceKey, PMap<DestinationKey, Draining>> leaving;
    private IpvsGlobalState globals;
    private boolean flush;
    private PSet<ServiceKey> owned;
    private PSet<ServiceKey> dirty;
    private Set<Drift> drifts;
    private PMap<String, Long> incidents;
    private Failures failures;
    private Backoff backoff;
    private boolean busy;
    private boolean waitForRead;
    private long readAt;
    private long nextRead;

    TableStep(TableState state, long now, List<Effect> effects) {
        this.now = now;
        this.effects = effects;
        this.lastRead = state.lastRead();
        this.actual = state.actual();
        this.programmed = state.programmed();
        this.desired = state.desired();
        this.leaving = state.leaving();
        this.globals = state.globals();
        this.flush = state.flush();
        this.owned = state.owned();
        this.dirty = state.dirty();
        this.drifts = state.drifts();
        this.incidents = state.incidents();
        this.failures = state.failures();
        this.backoff = state.backoff();
        this.busy = state.busy();
        this.waitForRead = state.waitForRead();
        this.readAt = state.readAt();
        this.nextRead = state.nextRead();
    }

    TableState state() {
        return new TableState(
                lastRead,
                actual,
                programmed,
                desired,
                leaving,
                globals,
                flush,
                owned,
                dirty,
                drifts,
                incidents,
                failures,
                backoff,
                busy,
                waitForRead,
                readAt,
                nextRead);
    }

    // ---- what is wanted

    /** Takes over the table as it was found: what is ours in it counts as made by us. */
    void adopt(IpvsSnapshot snapshot, Set<ServiceKey> journal, Set<ServiceKey> configured) {
        lastRead = snapshot;
        actual = HashTreePMap.from(snapshot.services());
        owned = HashTreePSet.from(journal).plusAll(configured);
        for (ServiceKey key : owned) {
            ServiceState found = actual.get(key);
            if (found != null) {
                programmed = programmed.plus(key, found);
            }
        }
        dirty = owned;
        readAt = now;
        nextRead = now + READ_INTERVAL;
        own(configured, journal);
    }

    /**
     * The table as a whole, as it was found.
     *
     * @param flushing whether services of others are to leave
     */
    void globals(KernelJournal journal, boolean flushing) {
        globals = globals.read(lastRead).with(journal);
        flush = flushing;
    }

    /** Every service that is there is ours to take away. */
    void takeEverything() {
        owned = owned.plusAll(actual.keySet());
        dirty = owned;
    }

    int adopted() {
        return programmed.size();
    }

    /** Only these services are configured from now on. */
    void configured(Set<ServiceKey> keys) {
        own(keys, owned);
        owned = owned.plusAll(keys);
        for (ServiceKey key : desired.keySet()) {
            if (!keys.contains(key)) {
                desired = desired.minus(key);
            }
        }
        failures = failures.ended(
                "sorry", e -> e.getValue().service().filter(keys::contains).isEmpty(), now, effects);
        dirty = owned;
    }

    private void own(Set<ServiceKey> keys, Collection<ServiceKey> known) {
        Set<ServiceKey> added = new HashSet<>(keys);
        added.removeAll(known);
        if (!added.isEmpty()) {
            effects.add(new Effect.Own(Set.copyOf(added)));
        }
    }

    void desire(Map<ServiceKey, WantedService> services) {
        services.forEach((key, service) -> {
            if (!service.equals(desired.get(key))) {
                desired = desired.plus(key, service);
                dirty = dirty.plus(key);
            }
        });
    }

    /** The sorry server of a service is needed and cannot be used, or (empty reason) is usable or not needed. */
    void sorry(ServiceKey key, String reason, Object... fields) {
        String subject = "sorry server of " + key;
        failures = reason.isEmpty()
                ? failures.recovered(subject, now, effects)
                : failures.failed(subject, failure("sorry", Optional.of(key), reason), Level.ERROR, effects, fields);
    }

    private Failures.Failure failure(String event, Optional<ServiceKey> service, String reason) {
        return new Failures.Failure(event, service, reason, now, 1);
    }

    // ---- what is there

    void readIfDue() {
        if (!busy && now - nextRead >= 0) {
            busy = true;
            effects.add(new Effect.ReadTable());
        }
    }

    void read(IpvsSnapshot snapshot, long nanos) {
        busy = false;
        waitForRead = false;
        lastRead = snapshot;
        actual = HashTreePMap.from(snapshot.services());
        globals = globals.read(snapshot);
        readAt = now - nanos;
        nextRead = now + Math.max(READ_INTERVAL, nanos * READ_SHARE);
        failures = failures.recovered(KERNEL, now, effects);
        Set<Drift> found = new TreeSet<>();
        for (ServiceKey key : owned) {
            ServiceState made = programmed.get(key);
            if (made != null) {
                found.addAll(Drift.of(key, made, actual.get(key)));
            }
        }
        for (Drift drift : found) {
            if (!drifts.contains(drift)) {
                incidents = incidents.plus(drift.what(), incidents.getOrDefault(drift.what(), 0L) + 1);
                effects.add(new Effect.Publish(DaemonEvent.of(
                        Level.WARN,
                        "table.drift",
                        "service",
                        drift.service(),
                        "what",
                        drift.what(),
                        "detail",
                        drift.detail())));
            }
        }
        drifts = Set.copyOf(found);
        dirty = owned;
    }

    void failed(String reason) {
        busy = false;
        waitForRead = true;
        nextRead = now + READ_INTERVAL;
        failures = failures.failed(
                KERNEL, failure("kernel", Optional.empty(), reason), Level.ERROR, effects, "reason", reason);
    }

    void applied(Plan plan, List<Event.Result> results, Set<ServiceKey> configured) {
        busy = false;
        backoff = backoff.after(results, now);
        boolean failed = results.size() < plan.commands().size();
        Set<ServiceKey> deleted = new HashSet<>();
        Set<ServiceKey> missing = new HashSet<>();
        for (Event.Result result : results) {
            IpvsCommand command = result.command();
            switch (result.result()) {
                case ApplyResult.Applied() -> {
                    actual = TableState.after(actual, command);
                    programmed = TableState.after(programmed, command);
                    globals = globals.after(command);
                    failures = failures.recovered(subject(command), now, effects);
                    if (command instanceof IpvsCommand.DelService(var key)) {
                        deleted.add(key);
                    }
                }
                case ApplyResult.Stale _ -> {
                    failed = true;
                    // What follows from a refused service is not worth a message of its own.
                    if (command.subject().filter(missing::contains).isEmpty()) {
                        failed(result, Level.INFO);
                    }
                }
                case ApplyResult.Rejected _ -> {
                    failed = true;
                    failed(result, Level.ERROR);
                    if (command instanceof IpvsCommand.NewService) {
                        command.subject().ifPresent(missing::add);
                    }
                }
            }
        }
        disown(deleted, configured);
        waitForRead = failed;
        if (failed) {
            nextRead = now;
        }
    }

    private void failed(Event.Result result, Level level) {
        IpvsCommand command = result.command();
        String reason = result.result().describe(command);
        failures = failures.failed(
                subject(command), failure(COMMAND, command.subject(), reason), level, effects, "reason", reason);
    }

    /** What a command is about: the next command about the same that succeeds ends the failure. */
    private static String subject(IpvsCommand command) {
        return switch (command) {
            case IpvsCommand.NewService(var service) -> service.key().toString();
            case IpvsCommand.SetService(var service) -> service.key().toString();
            case IpvsCommand.DelService(var key) -> key.toString();
            case IpvsCommand.NewDest(var key, var destination) -> key + " -> " + destination.key();
            case IpvsCommand.SetDest(var key, var destination) -> key + " -> " + destination.key();
            case IpvsCommand.DelDest(var key, var destination) -> key + " -> " + destination;
            case IpvsCommand.NewDaemon _,
                    IpvsCommand.DelDaemon _,
                    IpvsCommand.SetTimeouts _,
                    IpvsCommand.Zero _,
                    IpvsCommand.ZeroAll _ -> command.toString();
        };
    }

    private void disown(Set<ServiceKey> deleted, Set<ServiceKey> configured) {
        deleted.removeAll(configured);
        if (!deleted.isEmpty()) {
            owned = owned.minusAll(deleted);
            leaving = leaving.minusAll(deleted);
            dirty = dirty.minusAll(deleted);
            backoff = backoff.without(deleted);
            effects.add(new Effect.Disown(Set.copyOf(deleted)));
        }
    }

    // ---- the plan

    /** Sends the difference of what is dirty, if the kernel is free. */
    void plan(Repair repair, KernelConfig kernel, boolean stopping) {
        Set<ServiceKey> services = new HashSet<>(dirty);
        services.addAll(leaving.keySet());
        if (busy || waitForRead) {
            return;
        }
        Map<ServiceKey, WantedService> wanted = new HashMap<>();
        for (ServiceKey key : services) {
            if (!stopping) {
                judgeLeaving(key);
                effective(key, repair, wanted);
            }
        }
        services.removeIf(
                key -> !stopping && repair == Repair.REPORT && !actual.containsKey(key) && programmed.containsKey(key));
        services.removeIf(key -> backoff.mustWait(Optional.of(key), wanted.get(key), now));
        Plan ofServices = Reconciler.plan(services, wanted, actual);
        Plan plan =
                backoff.mustWait(Optional.empty(), null, now) ? ofServices : ofServices.and(globals(kernel, repair));
        endFailures(services, plan);
        dirty = HashTreePSet.empty();
        if (plan.isEmpty() && flush) {
            flush = false;
            plan = Reconciler.plan(foreign(), Map.of(), actual);
        }
        if (!plan.isEmpty()) {
            busy = true;
            dirty = HashTreePSet.from(services);
            backoff = backoff.attempting(wanted);
            effects.add(new Effect.Apply(plan));
        } else {
            disown(gone(services, wanted), desired.keySet());
        }
    }

    /** A command that failed and is no longer part of the plan is not needed any more. */
    private void endFailures(Set<ServiceKey> planned, Plan plan) {
        if (failures.active().isEmpty()) {
            return;
        }
        Set<String> attempted = new HashSet<>();
        plan.commands().forEach(c -> attempted.add(subject(c)));
        failures = failures.ended(
                COMMAND,
                e -> e.getValue().service().filter(planned::contains).isPresent() && !attempted.contains(e.getKey()),
                now,
                effects);
    }

    private IpvsGlobalState.Wish globals(KernelConfig kernel, Repair repair) {
        if (kernel.isNone() && globals.journal().equals(KernelJournal.NONE)) {
            return IpvsGlobalState.Wish.NOTHING;
        }
        IpvsGlobalState.Wish wish = globals.wish(kernel, repair);
        if (!wish.journal().equals(globals.journal())) {
            globals = globals.with(wish.journal());
            effects.add(new Effect.SaveKernel(wish.journal()));
        }
        return wish;
    }

    private Set<ServiceKey> foreign() {
        Set<ServiceKey> foreign = new HashSet<>(actual.keySet());
        foreign.removeAll(owned);
        return foreign;
    }

    /** Services of ours that are neither wanted nor there. */
    private Set<ServiceKey> gone(Set<ServiceKey> services, Map<ServiceKey, WantedService> wanted) {
        Set<ServiceKey> gone = new HashSet<>(services);
        gone.removeIf(key -> wanted.containsKey(key) || actual.containsKey(key));
        return gone;
    }

    private void effective(ServiceKey key, Repair repair, Map<ServiceKey, WantedService> wanted) {
        TargetService.of(
                        desired.get(key),
                        actual.get(key),
                        programmed.get(key),
                        leaving.getOrDefault(key, HashTreePMap.empty()),
                        repair)
                .ifPresent(service -> wanted.put(key, service));
    }

    /** Who of those we made leaves, who has come back, and whose time is over. */
    private void judgeLeaving(ServiceKey key) {
        PMap<DestinationKey, Draining> known = leaving.getOrDefault(key, HashTreePMap.empty());
        PMap<DestinationKey, Draining> next = HashTreePMap.empty();
        ServiceState made = programmed.get(key);
        ServiceState present = actual.get(key);
        if (made != null && present != null) {
            WantedService service = desired.get(key);
            for (DestinationKey destination : made.destinations().keySet()) {
                DestinationState state = present.destinations().get(destination);
                boolean wanted = service != null && service.destinations().containsKey(destination);
                boolean dead = service != null && service.dead().contains(destination);
                if (state != null && !wanted && !dead) {
                    Duration grace = grace(key, service, destination);
                    Draining leave = known.get(destination);
                    if (leave == null) {
                        leave = leave(state, grace);
                    } else if (service != null) {
                        leave = leave.within(grace);
                    }
                    next = next.plus(
                            destination, leave.judged(state.config().weight() == 0, state.active(), readAt, now));
                }
            }
        }
        if (!next.equals(known)) {
            leaving = next.isEmpty() ? leaving.minus(key) : leaving.plus(key, next);
        }
    }

    /** Nobody waits for probes. */
    private static Duration grace(ServiceKey key, @Nullable WantedService service, DestinationKey destination) {
        if (service != null) {
            return service.graceOf(destination);
        }
        return Translation.isPath(key) ? Duration.ZERO : USUAL_GRACE;
    }

    /** A destination that takes no connections and has none need not wait. */
    private Draining leave(DestinationState state, Duration grace) {
        boolean idle = !state.config().usable() && state.active() == 0;
        return new Draining(now, now + grace.toNanos(), idle || grace.isZero());
    }

    /** Whether no service of ours is left and nothing is under way. */
    boolean isEmptied() {
        IpvsGlobalState.Wish left = globals.wish(KernelConfig.NONE, Repair.ON);
        return !busy
                && !waitForRead
                && left.adds().isEmpty()
                && left.takeAways().isEmpty()
                && owned.stream().noneMatch(actual::containsKey);
    }
}
