package io.lvsd.ipvs;

import io.lvsd.ipvs.model.IpvsInfo;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.model.SyncDaemon;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * The table as it was read. A kernel's dump is not atomic: while services are deleted, others can be
 * missing here, so absence is a hint and a command's errno is the truth.
 */
public record IpvsSnapshot(
        IpvsInfo info, IpvsTimeouts timeouts, List<SyncDaemon> daemons, PSortedMap<ServiceKey, ServiceState> services) {
    /** No services, and nothing known of the rest. */
    public static final IpvsSnapshot EMPTY =
            new IpvsSnapshot(new IpvsInfo("", 0), new IpvsTimeouts(0, 0, 0), List.of(), TreePMap.empty());

    public IpvsSnapshot {
        daemons = List.copyOf(daemons);
    }

    /** Copies the services. */
    public IpvsSnapshot(
            IpvsInfo info, IpvsTimeouts timeouts, List<SyncDaemon> daemons, Map<ServiceKey, ServiceState> services) {
        this(info, timeouts, daemons, TreePMap.from(services));
    }

    /** Services, and what belongs to the table as a whole. */
    public static IpvsSnapshot of(IpvsGlobals globals, PSortedMap<ServiceKey, ServiceState> services) {
        return new IpvsSnapshot(globals.info(), globals.timeouts(), globals.daemons(), services);
    }

    /** Without some services. */
    public IpvsSnapshot without(Predicate<ServiceKey> hidden) {
        List<ServiceKey> gone = services.keySet().stream().filter(hidden).toList();
        return gone.isEmpty() ? this : with(services.minusAll(gone));
    }

    /** With other services. */
    public IpvsSnapshot with(PSortedMap<ServiceKey, ServiceState> others) {
        return new IpvsSnapshot(info, timeouts, daemons, others);
    }

    /** The number of destinations of all services. */
    public int destinationCount() {
        return services.values().stream().mapToInt(s -> s.destinations().size()).sum();
    }
}
