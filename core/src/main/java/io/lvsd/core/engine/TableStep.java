package io.lvsd.core.engine;

import io.lvsd.conf.model.KernelConfig;
import io.lvsd.conf.value.Repair;
import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.core.model.KernelJournal;
import io.lvsd.core.plan.IpvsGlobalState;
import io.lvsd.core.plan.Plan;
import io.lvsd.core.plan.ReadingDifference;
import io.lvsd.core.plan.Reconciler;
import io.lvsd.core.plan.TableDifference.SorryAlias;
import io.lvsd.core.plan.TargetService;
import io.lvsd.core.plan.Translation;
import io.lvsd.core.plan.WantedService;
import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;

/** The table's part of one step: takes in readings and results, and plans the commands for what differs. */
final class TableStep {
    private static final String KERNEL = "kernel";
    private static final String COMMAND = "ipvs";
    private static final String SORRY = "sorry";

    private final long now;
    private final List<Effect> effects;
    private KernelTable kernel;
    private WantedTable wanted;
    private Ownership ownership;
    private DrainingDestinations draining;
    private Failures failures;
    private Backoff backoff;
    private KernelAccess access;
    private Optional<ShadowTable> shadow;

    /** @param now monotonic nanoseconds */
    TableStep(TableState state, long now, List<Effect> effects) {
        this.now = now;
        this.effects = effects;
        this.kernel = state.kernel();
        this.wanted = state.wanted();
        this.ownership = state.ownership();
        this.draining = state.draining();
        this.failures = state.failures();
        this.backoff = state.backoff();
        this.access = state.access();
        this.shadow = state.shadow();
    }

    TableState state() {
        return new TableState(kernel, wanted, ownership, draining, failures, backoff, access, shadow);
    }

    /** The table is only read and compared from now on. */
    void observe() {
        shadow = Optional.of(ShadowTable.EMPTY);
    }

    boolean isShadow() {
        return shadow.isPresent();
    }

    DrainingDestinations draining() {
        return draining;
    }

    /** The services of virtual servers, as wanted now. */
    PMap<ServiceKey, WantedService> desired() {
        return wanted.desired();
    }

    // ---- what is wanted

    /** Takes over the table as it was found at start. */
    void adopt(IpvsSnapshot snapshot, Set<ServiceKey> journal, Set<ServiceKey> configured) {
        kernel = kernel.read(snapshot, Optional.empty(), now);
        ownership = ownership.adopt(journal, configured, kernel.actual());
        wanted = wanted.withDirty(ownership.owned());
        access = KernelAccess.readAt(now, isShadow());
        publishOwnership(configured, journal);
    }

    /**
     * Takes over connection timeouts and sync daemons.
     *
     * @param flushForeign whether services of others are to be removed
     */
    void adoptGlobals(KernelJournal journal, boolean flushForeign) {
        kernel = kernel.with(kernel.globals().with(journal));
        wanted = wanted.flushing(flushForeign);
    }

    /** Every service in the table is ours to remove. */
    void claimEverything() {
        ownership = ownership.claim(kernel.actual().keySet());
        wanted = wanted.withDirty(ownership.owned());
    }

    int adopted() {
        return ownership.programmed().size();
    }

    /** Takes over services that are configured now, and removes those that are no longer configured. */
    void configured(Set<ServiceKey> added, Set<ServiceKey> removed) {
        publishOwnership(added, ownership.owned());
        ownership = ownership.claim(added);
        failures = failures.ended(
                SORRY, e -> e.getValue().service().filter(removed::contains).isPresent(), now, effects);
        wanted = wanted.withoutDesired(removed);
    }

    /** Every service of ours has to be planned, whether or not it is known to differ. */
    void planEverything() {
        wanted = wanted.withDirty(ownership.owned());
    }

    private void publishOwnership(Set<ServiceKey> keys, Collection<ServiceKey> known) {
        Set<ServiceKey> added =
                keys.stream().filter(key -> !known.contains(key)).collect(Collectors.toUnmodifiableSet());
        if (!added.isEmpty()) {
            effects.add(new Effect.Own(added));
        }
    }

    /** In shadow mode also services that did not change are compared, as the address of their sorry server may have changed. */
    void want(Map<ServiceKey, WantedService> services) {
        wanted = wanted.with(services);
        if (isShadow()) {
            wanted = wanted.withDirty(wanted.dirty().plusAll(services.keySet()));
        }
    }

    /** The sorry server of a service is needed and cannot be used, or (empty reason) it is usable or not needed. */
    void sorry(ServiceKey key, String reason, Object... fields) {
        if (reason.isEmpty() && failures.active().isEmpty()) {
            return;
        }
        String subject = "sorry server of " + key;
        failures = reason.isEmpty()
                ? failures.recovered(subject, now, effects)
                : failures.failed(subject, failure(SORRY, Optional.of(key), reason), Level.ERROR, effects, fields);
    }

    private Failures.Failure failure(String event, Optional<ServiceKey> service, String reason) {
        return new Failures.Failure(event, service, reason, now, 1);
    }

    // ---- what the kernel reports

    /** Services of ours whose commands failed are planned again when their wait is over. */
    void retry() {
        for (ServiceKey key : backoff.due(now)) {
            if (ownership.owned().contains(key)) {
                wanted = wanted.withDirty(wanted.dirty().plus(key));
            }
        }
    }

    void readIfDue() {
        if (access.isReadDue(now)) {
            access = access.begun(now);
            effects.add(new Effect.ReadTable(access.scope(isShadow() ? Set.of() : ownership.touched())));
        }
    }

    /**
     * Takes over a reading. Services of ours whose configuration is not the one that was known become dirty.
     *
     * @param difference what differs from the reading before
     */
    void read(Event.KernelRead reading, ReadingDifference difference) {
        access = access.read(reading, isShadow(), now);
        IpvsSnapshot snapshot = reading.table();
        Predicate<ServiceKey> isRead = reading::includes;
        Set<ServiceKey> differing = new HashSet<>();
        for (var change : difference.services()) {
            if (!ReadingDifference.isSameConfig(kernel.actual().get(change.key()), change.is())) {
                differing.add(change.key());
            }
        }
        for (ServiceKey key : ownership.touched()) {
            if (isRead.test(key)
                    && !ReadingDifference.isSameConfig(
                            kernel.actual().get(key), snapshot.services().get(key))) {
                differing.add(key);
            }
        }
        kernel = kernel.read(snapshot, reading.part(), access.completeSince());
        failures = failures.recovered(KERNEL, now, effects);
        ownership = isShadow() ? ownership : ownership.compare(kernel.actual(), differing, isRead, effects);
        differing.removeIf(key -> !ownership.owned().contains(key));
        wanted = wanted.withDirty(wanted.dirty().plusAll(differing));
    }

    void kernelFailed(String reason) {
        access = access.failed(now);
        failures = failures.failed(
                KERNEL, failure(KERNEL, Optional.empty(), reason), Level.ERROR, effects, "reason", reason);
    }

    void applied(Plan plan, List<Event.Result> results, Set<ServiceKey> configured) {
        backoff = backoff.after(results, now);
        List<IpvsCommand> failed = failed(plan, results);
        Set<ServiceKey> deleted = new HashSet<>();
        Set<ServiceKey> missing = new HashSet<>();
        List<IpvsCommand> applied = new ArrayList<>(results.size());
        for (Event.Result result : results) {
            IpvsCommand command = result.command();
            switch (result.result()) {
                case ApplyResult.Applied() -> {
                    applied.add(command);
                    commandRecovered(command);
                    if (command instanceof IpvsCommand.DelService(var key)) {
                        deleted.add(key);
                    }
                }
                case ApplyResult.Stale _ -> {
                    // What follows from a rejected service needs no message of its own.
                    if (command.subject().filter(missing::contains).isEmpty()) {
                        commandFailed(result, Level.INFO);
                    }
                }
                case ApplyResult.Rejected _ -> {
                    commandFailed(result, Level.ERROR);
                    if (command instanceof IpvsCommand.NewService) {
                        command.subject().ifPresent(missing::add);
                    }
                }
            }
        }
        kernel = kernel.after(applied);
        ownership = ownership.after(applied);
        release(deleted, configured);
        access = failed.isEmpty() ? access.applied() : access.applied(subjects(failed));
    }

    /** The commands that were not carried out: they failed or were withheld. */
    private static List<IpvsCommand> failed(Plan plan, List<Event.Result> results) {
        List<IpvsCommand> failed = new ArrayList<>();
        for (Event.Result result : results) {
            if (!(result.result() instanceof ApplyResult.Applied)) {
                failed.add(result.command());
            }
        }
        if (failed.isEmpty() && results.size() == plan.size()) {
            return failed;
        }
        Set<IpvsCommand> sent = results.stream().map(Event.Result::command).collect(Collectors.toSet());
        plan.commands().stream().filter(command -> !sent.contains(command)).forEach(failed::add);
        return failed;
    }

    private static Set<ServiceKey> subjects(List<IpvsCommand> commands) {
        return commands.stream().flatMap(c -> c.subject().stream()).collect(Collectors.toSet());
    }

    private void commandRecovered(IpvsCommand command) {
        if (!failures.active().isEmpty()) {
            failures = failures.recovered(CommandSubject.of(command), now, effects);
        }
    }

    private void commandFailed(Event.Result result, Level level) {
        IpvsCommand command = result.command();
        String reason = result.result().describe(command);
        failures = failures.failed(
                CommandSubject.of(command),
                failure(COMMAND, command.subject(), reason),
                level,
                effects,
                "reason",
                reason);
    }

    /** Services that are gone and no longer configured are ours no longer. */
    private void release(Set<ServiceKey> gone, Set<ServiceKey> configured) {
        gone.removeAll(configured);
        if (!gone.isEmpty()) {
            ownership = ownership.release(gone);
            draining = draining.without(gone);
            wanted = wanted.without(gone);
            backoff = backoff.without(gone);
            effects.add(new Effect.Disown(Set.copyOf(gone)));
        }
    }

    // ---- the plan

    /** Compares the dirty services with the table of another program, in shadow mode. */
    void compare(Function<ServiceKey, Optional<SorryAlias>> sorry, ShadowTable.Report report) {
        if (access.required().isPresent()) {
            return;
        }
        ShadowTable next = shadow.orElseThrow();
        for (ServiceKey key : wanted.dirty()) {
            if (!Translation.isPath(key)) {
                next = next.compare(
                        key, wanted.desired().get(key), kernel.actual().get(key), sorry.apply(key), now, report);
            }
        }
        shadow = Optional.of(next);
        wanted = wanted.withDirty(HashTreePSet.empty());
    }

    boolean isDirty() {
        return !wanted.dirty().isEmpty();
    }

    /** Plans the dirty services and sends the difference, if the kernel is free. */
    void plan(Repair repair, KernelConfig globals, boolean stopping) {
        if (!access.isFree()) {
            return;
        }
        Set<ServiceKey> services = new HashSet<>(wanted.dirty());
        services.addAll(draining.services());
        Map<ServiceKey, WantedService> targets = stopping ? new HashMap<>() : targets(services, repair);
        services.removeIf(key -> !stopping && isReportOnly(key, repair));
        services.removeIf(key -> backoff.mustWait(Optional.of(key), targets.get(key), now));
        Plan plan = Reconciler.plan(services, targets, kernel.actual());
        if (!backoff.mustWait(Optional.empty(), null, now)) {
            plan = plan.and(globals(globals, repair));
        }
        settle(services, plan);
        wanted = wanted.withDirty(HashTreePSet.empty());
        if (plan.isEmpty() && wanted.flushForeign()) {
            wanted = wanted.flushing(false);
            plan = Reconciler.plan(ownership.foreign(kernel.actual()), Map.of(), kernel.actual());
        }
        if (plan.isEmpty()) {
            services.removeIf(key -> targets.containsKey(key) || kernel.actual().containsKey(key));
            release(services, wanted.desired().keySet());
        } else {
            send(plan, services, targets);
        }
    }

    private void send(Plan plan, Set<ServiceKey> services, Map<ServiceKey, WantedService> targets) {
        access = access.begun(now);
        wanted = wanted.withDirty(HashTreePSet.from(services));
        backoff = backoff.attempting(targets);
        effects.add(new Effect.Apply(plan));
    }

    /** What each service should look like now; a service without an entry should not be there. */
    private Map<ServiceKey, WantedService> targets(Set<ServiceKey> services, Repair repair) {
        Map<ServiceKey, WantedService> targets = new HashMap<>();
        for (ServiceKey key : services) {
            WantedService desired = wanted.desired().get(key);
            var programmed = ownership.programmed().get(key);
            var actual = kernel.actual().get(key);
            draining = draining.evaluate(key, programmed, actual, desired, kernel.readAt(), now);
            TargetService.of(desired, actual, programmed, draining.of(key), repair)
                    .ifPresent(service -> targets.put(key, service));
        }
        return targets;
    }

    /** Whether a service that others deleted is only reported. */
    private boolean isReportOnly(ServiceKey key, Repair repair) {
        return repair == Repair.REPORT
                && !kernel.actual().containsKey(key)
                && ownership.programmed().containsKey(key);
    }

    /** A command that failed and is no longer part of the plan is no longer needed. */
    private void settle(Set<ServiceKey> planned, Plan plan) {
        if (failures.active().isEmpty() && backoff.waiting().isEmpty()) {
            return;
        }
        Set<ServiceKey> settled = new HashSet<>(planned);
        plan.commands().forEach(c -> c.subject().ifPresent(settled::remove));
        backoff = backoff.without(settled);
        Set<String> attempted = new HashSet<>();
        plan.commands().forEach(c -> attempted.add(CommandSubject.of(c)));
        failures = failures.ended(
                COMMAND,
                e -> e.getValue().service().filter(planned::contains).isPresent() && !attempted.contains(e.getKey()),
                now,
                effects);
    }

    private IpvsGlobalState.GlobalPlan globals(KernelConfig config, Repair repair) {
        IpvsGlobalState present = kernel.globals();
        if (config.isNone() && present.journal().equals(KernelJournal.NONE)) {
            return IpvsGlobalState.GlobalPlan.NOTHING;
        }
        IpvsGlobalState.GlobalPlan plan = present.plan(config, repair);
        if (!plan.journal().equals(present.journal())) {
            kernel = kernel.with(present.with(plan.journal()));
            effects.add(new Effect.SaveKernel(plan.journal()));
        }
        return plan;
    }

    /** Whether no service of ours is left, timeouts and sync daemons are restored, and the kernel is free. */
    boolean isEmptied() {
        IpvsGlobalState.GlobalPlan left = kernel.globals().plan(KernelConfig.NONE, Repair.ON);
        return access.isFree()
                && left.adds().isEmpty()
                && left.removals().isEmpty()
                && ownership.owned().stream().noneMatch(kernel.actual()::containsKey);
    }
}
