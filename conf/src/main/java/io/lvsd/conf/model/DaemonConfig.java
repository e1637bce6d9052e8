package io.lvsd.conf.model;

import java.util.List;

/**
 * A whole configuration, validated. Virtual servers are in the order of the file.
 *
 * @param groups those with a valid line, in the order of the file, whether or not a virtual server uses them
 * @param namespaces where it runs
 * @param kernel of the table as a whole
 * @param notices notifications
 * @param operation files by which it is operated
 * @param scriptSecurity whether scripts that others than root could change are refused
 */
public record DaemonConfig(
        LvsdConfig lvsd,
        List<VirtualServerConfig> virtualServers,
        List<GroupConfig> groups,
        Namespaces namespaces,
        KernelConfig kernel,
        NotifyConfig notices,
        OperationConfig operation,
        boolean scriptSecurity) {
    public static final DaemonConfig EMPTY = new DaemonConfig(
            LvsdConfig.DEFAULT,
            List.of(),
            List.of(),
            Namespaces.NONE,
            KernelConfig.NONE,
            NotifyConfig.NONE,
            OperationConfig.NONE,
            false);

    public DaemonConfig {
        virtualServers = List.copyOf(virtualServers);
        groups = List.copyOf(groups);
    }
}
