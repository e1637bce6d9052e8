package io.lvsd.conf.model;

import io.lvsd.conf.source.Origin;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What belongs to the table as a whole.
 *
 * @param timeouts empty: as the kernel has them
 * @param syncDaemon empty: not run by lvsd
 * @param flush whether services of others leave at start, once ours stand
 * @param stopFlush what else a stop takes away
 */
public record KernelConfig(
        Optional<Timeouts> timeouts, Optional<SyncDaemonConfig> syncDaemon, boolean flush, StopFlush stopFlush) {
    public static final KernelConfig NONE = new KernelConfig(Optional.empty(), Optional.empty(), false, StopFlush.NONE);

    /** Whether timeouts and sync daemons are left as they are. */
    public boolean isNone() {
        return timeouts.isEmpty() && syncDaemon.isEmpty();
    }

    /** What {@code lvs_flush_on_stop} says. */
    public enum StopFlush {
        /** Nothing. */
        NONE,
        /** Our services without a word about their real servers. */
        OURS,
        /** Services of others as well. */
        ALL
    }

    /** In seconds, 0 to 2678400; 0 leaves the kernel's own. */
    public record Timeouts(long tcp, long tcpFin, long udp) {}

    /**
     * Connections are synchronised with another director: both roles, for the life of the daemon.
     *
     * @param id 0 to 255
     * @param maxLength of messages; 0 is the kernel's own
     * @param group multicast address; empty: the kernel's own
     * @param port 0 is the kernel's own
     * @param ttl 0 is the kernel's own
     */
    public record SyncDaemonConfig(
            String networkInterface,
            int id,
            int maxLength,
            Optional<InetAddress> group,
            int port,
            int ttl,
            Origin origin) {}
}
