package io.lvsd.conf.load;

import io.lvsd.conf.model.ConfigOrigins;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.ProgramReference;
import java.util.List;

/**
 * What a virtual server block was read as.
 *
 * @param programs that it and its real servers run
 */
record VirtualServer(VirtualServerConfig config, ConfigOrigins.Server origins, List<ProgramReference> programs) {
    VirtualServer {
        programs = List.copyOf(programs);
    }

    VirtualServer with(VirtualServerConfig equal) {
        return new VirtualServer(equal, origins, programs);
    }

    Origin origin() {
        return origins.origin();
    }
}
