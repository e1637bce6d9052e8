package io.lvsd.snmp.mib;

import io.lvsd.conf.model.GroupConfig;
import io.lvsd.conf.model.KernelConfig;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.ipvs.model.IpvsStats;
import java.util.List;
import java.util.Optional;

/**
 * The configuration and the states of its servers at one moment.
 *
 * @param version of this program
 * @param routerId name of this director
 * @param groups numbered from 1, in the order of the file
 */
public record ServerViews(
        String version,
        String routerId,
        List<GroupConfig> groups,
        List<VirtualServer> virtualServers,
        KernelConfig kernel) {
    /**
     * A virtual server.
     *
     * @param number its row, from 1
     * @param present whether its services are in the table
     * @param realServers configured ones, and the sorry server
     * @param stats sums over its services
     */
    public record VirtualServer(
            int number,
            VirtualServerConfig config,
            boolean present,
            boolean quorumUp,
            List<RealServer> realServers,
            IpvsStats stats) {
        /** Configured real servers. */
        long total() {
            return realServers.stream().filter(RealServer::isRegular).count();
        }

        /** Configured real servers of which no check is down. */
        long up() {
            return realServers.stream()
                    .filter(rs -> rs.isRegular() && rs.alive())
                    .count();
        }
    }

    /**
     * A real server or the sorry server.
     *
     * @param number its row within the virtual server, from 1
     * @param config empty: the sorry server of the virtual server
     * @param alive whether none of its checks is down
     * @param weight effective weight, an override included
     * @param load sums over the services of the virtual server
     */
    public record RealServer(
            int number,
            Optional<RealServerConfig> config,
            boolean alive,
            long weight,
            int failedChecks,
            int notRunChecks,
            Load load) {
        boolean isRegular() {
            return config.isPresent();
        }
    }

    /** Connections and counters of destinations. */
    public record Load(long active, long inactive, long persistent, IpvsStats stats) {
        public static final Load NONE = new Load(0, 0, 0, IpvsStats.ZERO);
    }
}
