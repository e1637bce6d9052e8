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
import java.util.TreeSet;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * The services that lvsd may change, how it last programmed them, and what others changed in them since.
 *
 * @param owned services of ours; all others are never touched
 * @param programmed services of ours as the acknowledged commands made them, whatever others did since
 * @param drifts present differences between {@code programmed} and the kernel's table, each reported once
 * @param incidents how many differences were found since the start, by {@link Drift#what()}
 */
record Ownership(
        PSet<ServiceKey> owned,
        PMap<ServiceKey, ServiceState> programmed,
        Set<Drift> drifts,
        PMap<String, Long> incidents) {
    static final Ownership EMPTY =
            new Ownership(HashTreePSet.empty(), HashTreePMap.empty(), Set.of(), HashTreePMap.empty());

    /** Takes over a table at start: services of ours that are in it count as programmed by us. */
    Ownership adopt(Set<ServiceKey> journal, Set<ServiceKey> configured, Map<ServiceKey, ServiceState> actual) {
        PSet<ServiceKey> ours = HashTreePSet.from(journal).plusAll(configured);
        PMap<ServiceKey, ServiceState> found = programmed;
        for (ServiceKey key : ours) {
            ServiceState present = actual.get(key);
            found = present == null ? found : found.plus(key, present);
        }
        return new Ownership(ours, found, drifts, incidents);
    }

    Ownership claim(Collection<ServiceKey> keys) {
        return new Ownership(owned.plusAll(keys), programmed, drifts, incidents);
    }

    Ownership release(Set<ServiceKey> keys) {
        return new Ownership(owned.minusAll(keys), programmed, drifts, incidents);
    }

    /** A command was acknowledged. */
    Ownership after(IpvsCommand command) {
        return new Ownership(owned, KernelTable.after(programmed, command), drifts, incidents);
    }

    /** Services in the table that are not ours. */
    Set<ServiceKey> foreign(Map<ServiceKey, ServiceState> actual) {
        Set<ServiceKey> foreign = new HashSet<>(actual.keySet());
        foreign.removeAll(owned);
        return foreign;
    }

    /** Compares a new reading with what was programmed; reports each difference when it appears and when it is gone. */
    Ownership compare(Map<ServiceKey, ServiceState> actual, List<Effect> effects) {
        Set<Drift> found = new TreeSet<>();
        for (ServiceKey key : owned) {
            ServiceState made = programmed.get(key);
            if (made != null) {
                found.addAll(Drift.of(key, made, actual.get(key)));
            }
        }
        PMap<String, Long> counts = incidents;
        for (Drift drift : found) {
            if (!drifts.contains(drift)) {
                counts = counts.plus(drift.what(), counts.getOrDefault(drift.what(), 0L) + 1);
                effects.add(event(Level.WARN, "table.drift", drift));
            }
        }
        new TreeSet<>(drifts)
                .stream()
                        .filter(d -> !found.contains(d))
                        .forEach(d -> effects.add(event(Level.INFO, "table.repaired", d)));
        return new Ownership(owned, programmed, Set.copyOf(found), counts);
    }

    private static Effect event(Level level, String name, Drift drift) {
        return new Effect.Publish(DaemonEvent.of(
                level, name, "service", drift.service(), "what", drift.what(), "detail", drift.detail()));
    }
}
