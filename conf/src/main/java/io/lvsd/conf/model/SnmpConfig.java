package io.lvsd.conf.model;

import io.lvsd.conf.value.Community;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * SNMP. lvsd serves requests itself ({@code listen}), as a subagent of another agent ({@code agentx}), or both.
 *
 * @param listen empty: requests are not served by lvsd itself
 * @param communities of v1 and v2c; read access only
 * @param users of v3
 * @param agentx empty: no subagent
 * @param sinks receivers of notifications, which lvsd sends itself
 * @param write whether requests may change weights: over AgentX those that the master lets through, else those of users with
 *     authentication, privacy and {@code write}
 * @param interval maximum age of the counters that a request is answered with, 1 ms to 30 s
 * @param rateLimit requests that are processed per second and source address, other than loopback; 0 is no limit
 * @param system what the stand-alone agent tells of this host
 * @param engineId of v3, 5 to 32 bytes in hexadecimal digits; empty: created at the first start and stored
 */
public record SnmpConfig(
        List<Listen> listen,
        List<Community> communities,
        List<User> users,
        Optional<Agentx> agentx,
        List<Sink> sinks,
        boolean write,
        Duration interval,
        int rateLimit,
        SystemGroup system,
        Optional<String> engineId) {
    /** Default of {@link #interval}. */
    public static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Default of {@link #rateLimit}. */
    public static final int RATE_LIMIT = 200;

    public SnmpConfig {
        listen = List.copyOf(listen);
        communities = List.copyOf(communities);
        users = List.copyOf(users);
        sinks = List.copyOf(sinks);
    }

    /** Whether notifications have a receiver. */
    public boolean notifies() {
        return !sinks.isEmpty() || agentx.map(Agentx::notifications).orElse(false);
    }

    /** The same without what reaches other programs: no receivers of notifications, no subagent. */
    public SnmpConfig withoutEffects() {
        return new SnmpConfig(
                listen, communities, users, Optional.empty(), List.of(), false, interval, rateLimit, system, engineId);
    }

    /**
     * Objects of the group system of SNMPv2-MIB (RFC 3418).
     *
     * @param contact {@code sysContact}, at most 255 bytes; may be empty
     * @param location {@code sysLocation}, likewise
     */
    public record SystemGroup(String contact, String location) {
        /** Both are empty. */
        public static final SystemGroup EMPTY = new SystemGroup("", "");
    }

    /** What carries requests. */
    public enum Transport {
        UDP,
        TCP
    }

    /** Where requests are accepted. */
    public record Listen(Transport transport, InetAddress address, int port) {}

    /**
     * A source network.
     *
     * @param address that sources are compared with
     * @param prefix number of leading bits that are compared
     */
    public record Network(InetAddress address, int prefix) {}

    /**
     * A user of SNMPv3 (RFC 3414).
     *
     * @param auth empty: requests are not authenticated; then there is no privacy either
     * @param priv empty: requests are not encrypted
     * @param networks of its requests; empty: any
     * @param views object identifiers, dotted, below which it may read; empty: everything
     * @param write whether it may change weights; requires {@code auth} and {@code priv}
     */
    public record User(
            String name,
            Optional<Auth> auth,
            Optional<Priv> priv,
            List<Network> networks,
            List<String> views,
            boolean write) {
        public User {
            networks = List.copyOf(networks);
            views = List.copyOf(views);
        }
    }

    /** Authentication of a user. */
    public record Auth(AuthProtocol protocol, Secret secret) {}

    /** Encryption of a user. */
    public record Priv(PrivProtocol protocol, Secret secret) {}

    /** HMAC-SHA-2 of RFC 7860. */
    public enum AuthProtocol {
        SHA224,
        SHA256,
        SHA384,
        SHA512
    }

    /** AES of RFC 3826, and with longer keys as the field has them. */
    public enum PrivProtocol {
        AES128,
        AES192,
        AES256
    }

    /** A password of 8 or more characters. Its text is never logged. */
    public sealed interface Secret {
        /** The first line of a file, read at start and at each reload. */
        record InFile(Path file) implements Secret {}

        /** The password itself. */
        record Written(String password) implements Secret {
            @Override
            public String toString() {
                return "Written[REDACTED]";
            }
        }
    }

    /**
     * The master agent of an AgentX session (RFC 2741).
     *
     * @param notifications whether it is sent notifications too
     */
    public record Agentx(Socket socket, boolean notifications) {}

    /** Where a master agent listens. */
    public sealed interface Socket {
        /** A socket of the file system. */
        record Unix(Path path) implements Socket {}

        /** A TCP port. */
        record Tcp(InetAddress address, int port) implements Socket {}
    }

    /**
     * A receiver of notifications.
     *
     * @param host name or address; a name is resolved when it is used
     * @param inform whether it acknowledges them; else they are sent once
     */
    public record Sink(String host, int port, Identity identity, boolean inform) {}

    /** As whom notifications are sent. */
    public sealed interface Identity {
        /** With v2c. */
        record InCommunity(String name) implements Identity {
            @Override
            public String toString() {
                return "InCommunity[REDACTED]";
            }
        }

        /** With v3, as one of {@link SnmpConfig#users}. */
        record AsUser(String name) implements Identity {}
    }
}
