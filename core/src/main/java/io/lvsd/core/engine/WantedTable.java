package io.lvsd.core.engine;

import io.lvsd.core.plan.WantedService;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * What the table should contain.
 *
 * @param desired services as configuration, health and overrides want them
 * @param dirty services that have to be planned when the kernel is free
 * @param flushForeign whether services of others are to be removed once ours are in place ({@code lvs_flush})
 */
record WantedTable(PMap<ServiceKey, WantedService> desired, PSet<ServiceKey> dirty, boolean flushForeign) {
    static final WantedTable EMPTY = new WantedTable(HashTreePMap.empty(), HashTreePSet.empty(), false);

    /** With the services of one virtual server; those that changed become dirty. */
    WantedTable with(Map<ServiceKey, WantedService> services) {
        PMap<ServiceKey, WantedService> next = desired;
        PSet<ServiceKey> changed = dirty;
        for (var entry : services.entrySet()) {
            if (!entry.getValue().equals(desired.get(entry.getKey()))) {
                next = next.plus(entry.getKey(), entry.getValue());
                changed = changed.plus(entry.getKey());
            }
        }
        return new WantedTable(next, changed, flushForeign);
    }

    /** Without services that are no longer configured; they become dirty, as they have to be removed from the table. */
    WantedTable withoutDesired(Set<ServiceKey> removed) {
        return new WantedTable(desired.minusAll(removed), dirty.plusAll(removed), flushForeign);
    }

    WantedTable withDirty(PSet<ServiceKey> keys) {
        return new WantedTable(desired, keys, flushForeign);
    }

    /** Services that are gone from the table and from the configuration need no plan. */
    WantedTable without(Collection<ServiceKey> gone) {
        return new WantedTable(desired, dirty.minusAll(gone), flushForeign);
    }

    WantedTable flushing(boolean foreign) {
        return new WantedTable(desired, dirty, foreign);
    }
}
