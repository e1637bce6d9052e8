package io.lvsd.ipvs;

import io.lvsd.ipvs.model.IpvsInfo;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.model.SyncDaemon;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The table as it was read. A kernel's dump is not atomic: while services are deleted, others can be
 * missing here, so absence is a hint and a command's errno is the truth.
 */
public record IpvsSnapshot(
        IpvsInfo info, IpvsTimeouts timeouts, List<SyncDaemon> daemons, SortedMap<ServiceKey, ServiceState> services) {
    public IpvsSnapshot {
        daemons = List.copyOf(daemons);
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    }

    /** Without some services. */
    public IpvsSnapshot without(Predicate<ServiceKey> hidden) {
        if (services.keySet().stream().noneMatch(hidden)) {
            return this;
        }
        SortedMap<ServiceKey, ServiceState> shown = new TreeMap<>(services);
        shown.keySet().removeIf(hidden);
        return new IpvsSnapshot(info, timeouts, daemons, shown);
    }

    /** The number of destinations of all services. */
    public int destinationCount() {
        return services.values().stream().mapToInt(s -> s.destinations().size()).sum();
    }
}
