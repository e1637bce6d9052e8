package io.lvsd.conf.load;

import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.ProgramReference;
import java.util.List;

/**
 * What a real server block was read as.
 *
 * @param programs that it runs
 */
record RealServer(RealServerConfig config, Origin origin, List<ProgramReference> programs) {
    RealServer {
        programs = List.copyOf(programs);
    }

    RealServer with(RealServerConfig other) {
        return new RealServer(other, origin, programs);
    }
}
