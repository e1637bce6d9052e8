package io.lvsd.conf.model;

import java.util.List;

/** A whole configuration, validated. Virtual servers stand in the order of the file. */
public record DaemonConfig(LvsdConfig lvsd, List<VirtualServerConfig> virtualServers) {
    public static final DaemonConfig EMPTY = new DaemonConfig(LvsdConfig.DEFAULT, List.of());

    public DaemonConfig {
        virtualServers = List.copyOf(virtualServers);
    }
}
