package io.lvsd.core.view;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The IPVS table. The names of the components are those of the JSON.
 *
 * @param time when it was read
 * @param version of IPVS
 * @param connectionTableSize number of hash buckets
 */
public record TableReport(
        Instant time,
        String version,
        long connectionTableSize,
        Timeouts timeouts,
        List<Synchronization> syncDaemons,
        List<Service> services) {
    /** Timeouts of connections. */
    public record Timeouts(long tcpSeconds, long tcpFinSeconds, long udpSeconds) {}

    /**
     * A daemon that synchronizes connections between directors.
     *
     * @param role {@code master} or {@code backup}
     */
    public record Synchronization(String role, String multicastInterface) {}

    /**
     * A service.
     *
     * @param key {@code ADDRESS:PORT/PROTOCOL} or {@code fwmark:N}
     * @param flags of the scheduler, such as {@code sh-port}
     * @param persistenceTimeoutSeconds empty without persistence
     * @param netmask of persistence: for IPv4 in dotted form, for IPv6 the length of the prefix
     * @param persistenceEngine such as {@code sip}
     * @param onePacket whether each datagram is scheduled
     */
    public record Service(
            String key,
            String scheduler,
            List<String> flags,
            OptionalLong persistenceTimeoutSeconds,
            Optional<String> netmask,
            Optional<String> persistenceEngine,
            boolean onePacket,
            Counters counters,
            List<Destination> destinations) {}

    /**
     * A destination.
     *
     * @param address and port
     * @param forwarding {@code Masq}, {@code Tunnel}, {@code Route} or {@code Local}
     * @param upperThreshold active connections above which it takes no more; 0 is no limit
     * @param lowerThreshold active connections below which it takes some again
     */
    public record Destination(
            String address,
            String forwarding,
            long weight,
            long upperThreshold,
            long lowerThreshold,
            long activeConnections,
            long inactiveConnections,
            long persistentConnections,
            Counters counters) {}

    /** Counters since the start of the service or destination, and rates as the kernel smooths them. */
    public record Counters(
            long connections,
            long inPackets,
            long outPackets,
            long inBytes,
            long outBytes,
            long connectionsPerSecond,
            long inPacketsPerSecond,
            long outPacketsPerSecond,
            long inBytesPerSecond,
            long outBytesPerSecond) {}
}
