package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Scope.LVSD;
import static io.lvsd.conf.keyword.Scope.SNMP;
import static io.lvsd.conf.keyword.Scope.SNMP_USER;

import io.lvsd.conf.keyword.SnmpTypes.Listen;
import io.lvsd.conf.keyword.SnmpTypes.Master;
import io.lvsd.conf.keyword.SnmpTypes.Network;
import io.lvsd.conf.keyword.SnmpTypes.Receiver;
import io.lvsd.conf.keyword.SnmpTypes.UserKey;
import io.lvsd.conf.keyword.SnmpTypes.WrittenCommunity;
import io.lvsd.conf.syntax.Statement;
import java.time.Duration;
import java.util.List;

/** The block {@code snmp} and its keywords. */
public final class SnmpKeywords {
    /** The port in examples. */
    public static final int PORT = 1161;

    private static final long MAX_RATE = 1_000_000;

    public static final Keyword<Statement> BLOCK = Keyword.of(
            "snmp",
            LVSD,
            BlockTypes.block(SNMP, Shape.Simple.OBJECT),
            "off",
            "SNMP: lvsd serves requests itself, as a subagent of another agent, or both, and sends notifications.");
    public static final Keyword<Listen> LISTEN = Keyword.of(
            "listen",
            SNMP,
            SnmpTypes.listen(PORT),
            "none",
            "Address and port of the agent. May be repeated. Without udp: or tcp: it is UDP.");
    public static final Keyword<WrittenCommunity> COMMUNITY = Keyword.of(
            "community",
            SNMP,
            SnmpTypes.community(),
            "none",
            "Community of SNMPv1 and SNMPv2c with read access, and the network of its clients. May be repeated. The"
                    + " network is required if the agent listens on an address that is not of loopback.");
    public static final Keyword<Master> AGENTX = Keyword.of(
            "agentx",
            SNMP,
            SnmpTypes.agentx(),
            "off, or snmp_socket if enable_snmp_checker is set",
            "Master agent that lvsd connects to as a subagent. A TCP address that is not of loopback requires force.");
    public static final Keyword<Receiver> SINK = Keyword.of(
            "sink",
            SNMP,
            SnmpTypes.sink(),
            "none",
            "Receiver of notifications, which lvsd sends itself. May be repeated. A name is resolved when it is used;"
                    + " inform: repeat until it is acknowledged.");
    public static final Keyword<Boolean> WRITE = Keyword.of(
            "write",
            SNMP,
            TextTypes.bool(),
            "off",
            "Requests may change weights: those of users with write, and those that the AgentX master accepts.");
    public static final Keyword<Duration> UPDATE_INTERVAL = Keyword.of(
            "update_interval",
            SNMP,
            intervalType(),
            "snmp_vs_stats_update_interval, else 5",
            "Maximum age of the counters in a response.");
    public static final Keyword<Long> RATE_LIMIT = Keyword.of(
            "rate_limit",
            SNMP,
            NumberTypes.number(0, MAX_RATE),
            "200",
            "Requests per second that are processed for each source address, except loopback; 0: unlimited.");
    public static final Keyword<String> CONTACT = Keyword.of(
            "contact",
            SNMP,
            SnmpTypes.displayed("contact"),
            "empty",
            "sysContact of the stand-alone agent: the person or team that is responsible for this host.");
    public static final Keyword<String> LOCATION = Keyword.of(
            "location",
            SNMP,
            SnmpTypes.displayed("location"),
            "empty",
            "sysLocation of the stand-alone agent: where this host is.");
    public static final Keyword<String> ENGINE_ID = Keyword.of(
            "engine_id", SNMP, SnmpTypes.engineId(), "created at the first start, and stored", "Engine ID of SNMPv3.");

    // ---- users
    public static final Keyword<Statement> USER_BLOCK = Keyword.of(
            "user",
            SNMP,
            BlockTypes.block("NAME {", 1, 1, Shape.Simple.NAMED_OBJECTS).holding(SNMP_USER),
            "none",
            "User of SNMPv3. May be repeated.");
    public static final Keyword<UserKey> AUTH = Keyword.of(
            "auth",
            SNMP_USER,
            SnmpTypes.auth(),
            "not authenticated",
            "Authentication protocol and password. @FILE is a file of mode 0600 or stricter whose first line is the"
                    + " password.");
    public static final Keyword<UserKey> PRIV = Keyword.of(
            "priv",
            SNMP_USER,
            SnmpTypes.priv(),
            "not encrypted",
            "Encryption protocol and password, as in auth. Requires auth.");
    public static final Keyword<Network> NETWORK = Keyword.of(
            "network", SNMP_USER, SnmpTypes.network(), "any", "Network of the user's requests. May be repeated.");
    public static final Keyword<String> VIEW = Keyword.of(
            "view",
            SNMP_USER,
            SnmpTypes.objectIdentifier(),
            "everything",
            "Object identifier below which the user may read and write. May be repeated.");
    public static final Keyword<Boolean> USER_WRITE = Keyword.of(
            "write",
            SNMP_USER,
            TextTypes.bool(),
            "off",
            "The user may change weights, if write is on in the block snmp. Requires auth and priv.");

    public static final List<Keyword<?>> ALL = List.of(
            BLOCK,
            LISTEN,
            COMMUNITY,
            AGENTX,
            SINK,
            WRITE,
            UPDATE_INTERVAL,
            RATE_LIMIT,
            CONTACT,
            LOCATION,
            ENGINE_ID,
            USER_BLOCK,
            AUTH,
            PRIV,
            NETWORK,
            VIEW,
            USER_WRITE);

    private SnmpKeywords() {}

    /** Maximum age of counters. */
    static FunctionType<Duration> intervalType() {
        return TimeTypes.seconds(Duration.ofMillis(1), Duration.ofSeconds(30));
    }
}
