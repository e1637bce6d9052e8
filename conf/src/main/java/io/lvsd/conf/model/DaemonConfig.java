package io.lvsd.conf.model;

import io.lvsd.conf.Origin;
import java.util.List;
import java.util.Optional;

/**
 * A whole configuration, validated. Virtual servers stand in the order of the file.
 *
 * @param syncDaemon where connections are asked to be synchronised with another director
 * @param scriptSecurity whether scripts that others than root could change are refused
 */
public record DaemonConfig(
        LvsdConfig lvsd,
        List<VirtualServerConfig> virtualServers,
        Optional<Origin> syncDaemon,
        boolean scriptSecurity) {
    public static final DaemonConfig EMPTY = new DaemonConfig(LvsdConfig.DEFAULT, List.of(), Optional.empty(), false);

    public DaemonConfig {
        virtualServers = List.copyOf(virtualServers);
    }
}
