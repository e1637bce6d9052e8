package io.lvsd.ipvs;

import io.lvsd.ipvs.model.IpvsInfo;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.SyncDaemon;
import java.util.List;

/**
 * The table without the destinations.
 *
 * @param services in the order of the kernel; as in {@link IpvsSnapshot}, absence is a hint
 */
public record IpvsListing(IpvsInfo info, IpvsTimeouts timeouts, List<SyncDaemon> daemons, List<ServiceKey> services) {
    public IpvsListing {
        daemons = List.copyOf(daemons);
        services = List.copyOf(services);
    }
}
