package io.lvsd.core.view;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The state of the daemon as values: status text, JSON and status page are made from it. The names of the components are those
 * of the JSON, which is part of the API. Durations are milliseconds with fractions; weights and counts are as in IPVS.
 *
 * @param time when the report was made
 * @param phase {@code starting}, {@code running}, {@code stopping} or {@code stopped}
 * @param failures conditions that last, by subject
 * @param driftCounts changes of the table by others since the start, by kind
 */
public record StatusReport(
        Instant time,
        String version,
        String host,
        Instant started,
        String driver,
        boolean dryRun,
        Optional<Withheld> withheld,
        Optional<Embedded> embedded,
        Config config,
        Probes probes,
        String phase,
        Summary summary,
        List<VirtualServer> virtualServers,
        Map<String, String> failures,
        List<Drift> drift,
        Map<String, Long> driftCounts,
        Optional<Shadow> shadow) {
    /**
     * Shadow mode: another program maintains the table.
     *
     * @param other that program
     * @param differences present ones, the oldest first
     */
    public record Shadow(String other, List<Difference> differences) {}

    /**
     * A difference between the wanted table and that of the other program.
     *
     * @param realServer a destination; empty: it is about the service itself
     * @param what {@code missing}, {@code extra}, {@code weight} or {@code settings}
     * @param first whose change opened it: {@code lvsd}, {@code other}, or {@code start} if it was there at the start
     * @param cause the likely cause, in words
     */
    public record Difference(
            String virtualServer,
            String service,
            Optional<String> realServer,
            String what,
            String wanted,
            String actual,
            String first,
            Instant since,
            String cause) {}

    /**
     * Effects that a dry run did not carry out.
     *
     * @param last descriptions of the last ones, oldest first
     */
    public record Withheld(long count, List<String> last) {}

    /** Connections of the embedded driver, and how many it ended itself. */
    public record Embedded(
            long connections,
            long sessions,
            long connectionsEvicted,
            long sessionsEvicted,
            long connectionsExpired,
            long sessionsExpired) {}

    /**
     * The configuration in effect.
     *
     * @param hash of the effective configuration
     */
    public record Config(String file, String hash, Instant loaded, Optional<DaemonInfo.Reload> lastReload) {}

    /**
     * Probes of the last one to two minutes; the number is since the start.
     */
    public record Probes(
            long started, double latenessMillisMedian, double latenessMillisP99, double latenessMillisMax) {}

    /**
     * Numbers of virtual servers by condition, and of real servers by state.
     *
     * @param draining destinations that are removed when their connections have ended
     */
    public record Summary(
            int ok,
            int degraded,
            int sorryServer,
            int maintenance,
            int down,
            int suspended,
            int realServersUp,
            int realServersDown,
            int realServersDraining,
            int realServersDisabled,
            int draining,
            int drift) {}

    /** The condition of a virtual server. */
    public enum Condition {
        /** The quorum is up and all real servers that are not drained or disabled are up. */
        OK,
        /** The quorum is up and a real server is down. */
        DEGRADED,
        /** The sorry server is in use because the quorum is down. */
        SORRY_SERVER,
        /** The sorry server is in use because of planned maintenance, whatever the quorum is. */
        MAINTENANCE,
        /** The quorum is down and no sorry server is in use, or a service is not in the table. */
        DOWN,
        /** No virtual address is on this host, so that the checks are suspended. */
        SUSPENDED
    }

    /**
     * A virtual server.
     *
     * @param id its identity
     * @param name as configured
     * @param state {@code up} or {@code down}: its quorum
     * @param since when the state began
     * @param changes of the state since the start
     * @param quorumText the calculation of the quorum
     * @param services in the table
     * @param draining destinations that the configuration no longer has or that are being removed while healthy
     */
    public record VirtualServer(
            String id,
            Optional<String> name,
            String state,
            Condition condition,
            Instant since,
            long changes,
            long liveWeight,
            long quorum,
            long hysteresis,
            String quorumText,
            boolean panic,
            boolean suspended,
            Optional<Maintenance> maintenance,
            Optional<SorryServer> sorryServer,
            List<Service> services,
            List<RealServer> realServers,
            List<Destination> draining) {}

    /**
     * Planned maintenance: the sorry server takes the connections, if it can be used, although real servers may be up.
     *
     * @param source {@code command} or {@code configuration}
     * @param until when it ends by itself
     * @param message text for clients
     * @param allow networks of clients that shall reach the real servers
     * @param drain whether connections of real servers that leave are kept longer or shorter than removal_grace
     * @param drainSeconds for at most this time; empty with {@code drain}: until none is active
     */
    public record Maintenance(
            String source,
            Instant since,
            Optional<Instant> until,
            Optional<String> message,
            List<String> allow,
            boolean drain,
            OptionalLong drainSeconds) {}

    /**
     * A sorry server.
     *
     * @param address as configured
     * @param programmed destinations in the table while it is in use, by service
     * @param since when it was last activated or deactivated
     * @param connections that it has received since it was activated; empty while it is not in use
     * @param failure why it cannot be used
     */
    public record SorryServer(
            String address,
            boolean inUse,
            Map<String, String> programmed,
            Optional<Instant> since,
            long activations,
            OptionalLong connections,
            Optional<String> failure) {}

    /**
     * A service of a virtual server in the table.
     *
     * @param key as the table shows it
     * @param inTable whether the last reading has it
     * @param failure the last command for it that failed
     */
    public record Service(
            String key,
            boolean inTable,
            long connections,
            long connectionsPerSecond,
            long inBytes,
            long outBytes,
            Optional<String> failure) {}

    /**
     * A real server.
     *
     * @param state {@code up} or {@code down}
     * @param pending whether a check has no result yet, so that the state is presumed
     * @param weight while it is up and enabled: configured, changed by checks, agent or override. A server that is down, drained
     *     or disabled has it, too, but contributes nothing to the live weight
     * @param retained whether the configuration no longer has it, and it stays until a replacement is up
     * @param override {@code enabled}, {@code drained} or {@code disabled}
     * @param slowStart whether its weight in the table is still growing
     */
    public record RealServer(
            String address,
            String state,
            boolean pending,
            Instant since,
            long changes,
            long weight,
            long configuredWeight,
            boolean retained,
            boolean slowStart,
            String override,
            OptionalLong overrideWeight,
            boolean inTable,
            OptionalLong tableWeight,
            OptionalLong activeConnections,
            OptionalLong inactiveConnections,
            OptionalLong connections,
            OptionalLong inBytes,
            OptionalLong outBytes,
            List<Check> checks) {}

    /**
     * A check of a real server.
     *
     * @param name its keyword, and if several checks of the real server have it, also its path, port, target or index
     * @param target what it probes
     * @param state {@code up}, {@code down}, {@code unknown} before the first result, or {@code unusable}
     * @param tolerated failures in a row that were tolerated so far
     * @param retry failures in a row that are tolerated
     * @param passes in a row, of a check that is down and needs several
     * @param rise passes in a row that it needs
     * @param reason why the last probe did not pass, or the reply of the agent that takes the server out
     * @param nextProbe empty for a passive check
     */
    public record Check(
            String kind,
            String name,
            String target,
            String state,
            Instant since,
            long changes,
            long tolerated,
            long retry,
            long passes,
            long rise,
            Optional<String> reason,
            Optional<Probe> lastProbe,
            Optional<Instant> nextProbe,
            Optional<Instant> certificateExpires,
            Optional<Agent> agent) {}

    /**
     * What the server reports about its own weight.
     *
     * @param percent of the configured weight, after smoothing
     * @param mode {@code ready}, {@code drain} or {@code maint}
     * @param up whether the server reports itself as up
     */
    public record Agent(long percent, String mode, boolean up) {}

    /**
     * A probe. Phases that did not end, or that the check does not have, are left out.
     *
     * @param at when it ended
     * @param result {@code passed}, {@code failed} or {@code inconclusive}
     * @param reason empty if it passed
     * @param status status code of the response, such as 200 of HTTP
     */
    public record Probe(
            Instant at,
            String result,
            Optional<String> reason,
            double durationMillis,
            Optional<Double> connectMillis,
            Optional<Double> tlsMillis,
            Optional<Double> firstByteMillis,
            Optional<Double> responseMillis,
            OptionalLong status) {}

    /**
     * A destination that is being removed while healthy.
     *
     * @param cause why it is removed, in words
     */
    public record Destination(
            String service,
            String address,
            String cause,
            Instant since,
            long activeConnections,
            Instant removedAtLatest) {}

    /**
     * A present difference between the table as lvsd programmed it and as it is.
     *
     * @param what its kind
     */
    public record Drift(String service, String what, String detail) {}
}
