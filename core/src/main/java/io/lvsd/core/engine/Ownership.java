package io.lvsd.core.engine;

import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.core.plan.Drift;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.PSortedMap;
import org.pcollections.PSortedSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The services that lvsd may change, how it last programmed them, and what others changed in them since.
 *
 * @param owned services of ours; all others are never touched
 * @param programmed services of ours as the acknowledged commands made them, whatever others did since
 * @param drifts present differences between {@code programmed} and the kernel's table, each reported once
 * @param touched services that lvsd changed, claimed or released since the last comparison
 * @param incidents how many differences were found since the start, by {@link Drift#what()}
 */
record Ownership(
        PSet<ServiceKey> owned,
        PSortedMap<ServiceKey, ServiceState> programmed,
        PSortedSet<Drift> drifts,
        PSet<ServiceKey> touched,
        PMap<String, Long> incidents) {
    static final Ownership EMPTY = new Ownership(
            HashTreePSet.empty(), TreePMap.empty(), TreePSet.empty(), HashTreePSet.empty(), HashTreePMap.empty());

    /** Takes over a table at start: services of ours that are in it count as programmed by us. */
    Ownership adopt(Set<ServiceKey> journal, Set<ServiceKey> configured, Map<ServiceKey, ServiceState> actual) {
        PSet<ServiceKey> ours = HashTreePSet.from(journal).plusAll(configured);
        PSortedMap<ServiceKey, ServiceState> found = programmed;
        for (ServiceKey key : ours) {
            ServiceState present = actual.get(key);
            found = present == null ? found : found.plus(key, present);
        }
        return new Ownership(ours, found, drifts, touched, incidents);
    }

    Ownership claim(Collection<ServiceKey> keys) {
        return new Ownership(owned.plusAll(keys), programmed, drifts, touched.plusAll(keys), incidents);
    }

    Ownership release(Set<ServiceKey> keys) {
        return new Ownership(owned.minusAll(keys), programmed, drifts, touched.plusAll(keys), incidents);
    }

    /** Commands were acknowledged. */
    Ownership after(List<IpvsCommand> commands) {
        Set<ServiceKey> subjects = new HashSet<>();
        commands.forEach(command -> command.subject().ifPresent(subjects::add));
        return new Ownership(
                owned, KernelTable.after(programmed, commands), drifts, touched.plusAll(subjects), incidents);
    }

    /** Services that have to be compared at the next reading, whether or not it differs from the one before. */
    Ownership touched(Collection<ServiceKey> keys) {
        return new Ownership(owned, programmed, drifts, touched.plusAll(keys), incidents);
    }

    /** Services in the table that are not ours. */
    Set<ServiceKey> foreign(Map<ServiceKey, ServiceState> actual) {
        Set<ServiceKey> foreign = new HashSet<>(actual.keySet());
        foreign.removeAll(owned);
        return foreign;
    }

    /**
     * Compares a new reading with what was programmed; reports each difference when it appears and when it is gone.
     *
     * @param differing services whose configuration in the reading is not the one that was known; besides these, only those
     *     that were touched or differed before are compared
     * @param isRead whether the reading includes a service; what is known of all others stays
     */
    Ownership compare(
            Map<ServiceKey, ServiceState> actual,
            Collection<ServiceKey> differing,
            Predicate<ServiceKey> isRead,
            List<Effect> effects) {
        if (differing.isEmpty() && touched.isEmpty() && drifts.isEmpty()) {
            return this;
        }
        Set<ServiceKey> candidates = new HashSet<>(differing);
        candidates.addAll(touched);
        drifts.forEach(drift -> candidates.add(drift.service()));
        candidates.removeIf(isRead.negate());
        if (candidates.isEmpty()) {
            return this;
        }
        SortedSet<Drift> found = new TreeSet<>();
        for (ServiceKey key : candidates) {
            ServiceState made = programmed.get(key);
            if (made != null && owned.contains(key)) {
                found.addAll(Drift.of(key, made, actual.get(key)));
            }
        }
        PSortedSet<Drift> present = drifts;
        PMap<String, Long> counts = incidents;
        for (Drift drift : found) {
            if (!drifts.contains(drift)) {
                present = present.plus(drift);
                counts = counts.plus(drift.what(), counts.getOrDefault(drift.what(), 0L) + 1);
                effects.add(event(Level.WARN, "table.drift", drift));
            }
        }
        for (Drift drift : drifts) {
            if (candidates.contains(drift.service()) && !found.contains(drift)) {
                present = present.minus(drift);
                effects.add(event(Level.INFO, "table.repaired", drift));
            }
        }
        return new Ownership(owned, programmed, present, touched.minusAll(candidates), counts);
    }

    private static Effect event(Level level, String name, Drift drift) {
        return new Effect.Publish(DaemonEvent.of(
                level, name, "service", drift.service(), "what", drift.what(), "detail", drift.detail()));
    }
}
