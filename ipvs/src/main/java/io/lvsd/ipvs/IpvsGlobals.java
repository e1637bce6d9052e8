package io.lvsd.ipvs;

import io.lvsd.ipvs.model.IpvsInfo;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.SyncDaemon;
import java.util.List;

/** What belongs to the table as a whole: version and size, connection timeouts, and sync daemons. */
public record IpvsGlobals(IpvsInfo info, IpvsTimeouts timeouts, List<SyncDaemon> daemons) {
    public IpvsGlobals {
        daemons = List.copyOf(daemons);
    }
}
