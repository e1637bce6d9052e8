package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.NumberTypes.U32_MAX;
import static io.lvsd.conf.keyword.Scope.LVSD;
import static io.lvsd.conf.keyword.Scope.REAL_SERVER;
import static io.lvsd.conf.keyword.Scope.VIRTUAL_SERVER;

import io.lvsd.conf.keyword.ServerTypes.Granularity;
import io.lvsd.conf.keyword.Shape.Simple;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.IpFamily;
import io.lvsd.conf.value.SorryMode;
import io.lvsd.conf.value.TransportProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keywords of virtual and real servers, without the checks. */
public final class ServerKeywords {
    private static final long MAX_INDEX = 65_535;
    private static final Set<Place> SERVERS = Set.of(VIRTUAL_SERVER, REAL_SERVER);
    private static final long MAX_WEIGHT = Integer.MAX_VALUE;

    // ---- virtual servers
    public static final Keyword<IpFamily> IP_FAMILY = Keyword.of(
            "ip_family",
            VIRTUAL_SERVER,
            TextTypes.mapped(Map.of("inet", IpFamily.INET, "inet6", IpFamily.INET6)),
            "from the address or the real servers",
            "Address family of a firewall mark service.");
    public static final Keyword<String> SCHEDULER = Keyword.of(
                    "lvs_sched",
                    VIRTUAL_SERVER,
                    TextTypes.choice(List.of(
                            "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "sh", "mh", "dh", "fo", "ovf", "sed", "nq",
                            "twos")),
                    "wlc",
                    "Scheduler: the kernel module that selects a real server.")
            .alias("lb_algo");
    public static final Keyword<Boolean> FLAG_1 =
            Keyword.of("flag-1", VIRTUAL_SERVER, TextTypes.flag(), "off", "Scheduler flag 1.");
    public static final Keyword<Boolean> FLAG_2 =
            Keyword.of("flag-2", VIRTUAL_SERVER, TextTypes.flag(), "off", "Scheduler flag 2.");
    public static final Keyword<Boolean> FLAG_3 =
            Keyword.of("flag-3", VIRTUAL_SERVER, TextTypes.flag(), "off", "Scheduler flag 3.");
    public static final Keyword<Boolean> SH_FALLBACK = Keyword.of(
            "sh-fallback",
            VIRTUAL_SERVER,
            TextTypes.flag(),
            "off",
            "sh: select another server if the hashed one is unavailable.");
    public static final Keyword<Boolean> SH_PORT =
            Keyword.of("sh-port", VIRTUAL_SERVER, TextTypes.flag(), "off", "sh: include the port in the hash.");
    public static final Keyword<Boolean> MH_FALLBACK = Keyword.of(
            "mh-fallback",
            VIRTUAL_SERVER,
            TextTypes.flag(),
            "off",
            "mh: select another server if the hashed one is unavailable.");
    public static final Keyword<Boolean> MH_PORT =
            Keyword.of("mh-port", VIRTUAL_SERVER, TextTypes.flag(), "off", "mh: include the port in the hash.");
    public static final Keyword<Boolean> HASHED = Keyword.ignored(
            "hashed",
            VIRTUAL_SERVER,
            TextTypes.flag(),
            "off",
            "For lvs_sched sh or mh; has no effect in keepalived either.");
    public static final Keyword<Boolean> OPS =
            Keyword.of("ops", VIRTUAL_SERVER, TextTypes.flag(), "off", "Schedule every UDP datagram separately.");
    public static final Keyword<Forwarding> VS_METHOD = Keyword.of(
                    "lvs_method",
                    VIRTUAL_SERVER,
                    ServerTypes.forwarding(),
                    "NAT",
                    "Forwarding method to the real servers.")
            .alias("lb_kind");
    public static final Keyword<Long> PERSISTENCE_TIMEOUT = Keyword.of(
            "persistence_timeout",
            VIRTUAL_SERVER,
            ServerTypes.persistenceTimeout(),
            "off; 360 without a value",
            "Persistence: how long a client is sent to the same real server.");
    public static final Keyword<String> PERSISTENCE_ENGINE = Keyword.of(
            "persistence_engine",
            VIRTUAL_SERVER,
            TextTypes.text("NAME"),
            "none",
            "Kernel module that identifies clients for persistence, such as sip.");
    public static final Keyword<Granularity> PERSISTENCE_GRANULARITY = Keyword.of(
            "persistence_granularity",
            VIRTUAL_SERVER,
            ServerTypes.granularity(),
            "single addresses",
            "Network mask of clients that persistence treats as one.");
    public static final Keyword<TransportProtocol> PROTOCOL = Keyword.of(
            "protocol", VIRTUAL_SERVER, TextTypes.anyCase(TransportProtocol.class), "UDP", "Transport protocol.");
    public static final Keyword<String> SNMP_NAME = Keyword.of(
            "snmp_name",
            VIRTUAL_SERVER,
            TextTypes.text("NAME"),
            "none",
            "Name of the virtual server in commands and in KEEPALIVED-MIB.");
    public static final Keyword<Long> QUORUM = Keyword.of(
            "quorum",
            VIRTUAL_SERVER,
            NumberTypes.lenientNumber(1, U32_MAX),
            "1",
            "Total weight of the real servers that must be up for the virtual server to be up.");
    public static final Keyword<Long> HYSTERESIS = Keyword.of(
            "hysteresis",
            VIRTUAL_SERVER,
            NumberTypes.lenientNumber(0, U32_MAX),
            "0",
            "Weight above the quorum at which it is regained, and below it at which it is lost.");
    public static final Keyword<Long> VS_WEIGHT = Keyword.of(
            "weight",
            VIRTUAL_SERVER,
            NumberTypes.lenientNumber(1, MAX_WEIGHT),
            "1",
            "Default weight of the real servers.");
    public static final Keyword<Endpoint> SORRY_SERVER = Keyword.of(
            "sorry_server",
            VIRTUAL_SERVER,
            AddressTypes.endpoint(),
            "none",
            "Server that receives connections while the quorum is lost.");
    public static final Keyword<Boolean> SORRY_SERVER_INHIBIT = Keyword.of(
            "sorry_server_inhibit",
            VIRTUAL_SERVER,
            TextTypes.flag(),
            "off",
            "Keep the sorry server in the table with weight 0 while it is not used.");
    public static final Keyword<Forwarding> SORRY_SERVER_METHOD = Keyword.of(
            "sorry_server_lvs_method",
            VIRTUAL_SERVER,
            ServerTypes.forwarding(),
            "the virtual server's",
            "Forwarding method to the sorry server.");
    public static final Keyword<Boolean> OMEGA =
            Keyword.of("omega", VIRTUAL_SERVER, TextTypes.flag(), "off", "Run notify_down and quorum_down at a stop.");
    public static final Keyword<Boolean> HA_SUSPEND = Keyword.of(
            "ha_suspend",
            VIRTUAL_SERVER,
            TextTypes.flag(),
            "off",
            "Probe only while a virtual address is configured on this host.");
    public static final Keyword<Script> QUORUM_UP = Keyword.of(
            "quorum_up", VIRTUAL_SERVER, ScriptTypes.script(), "none", "Program to run when the quorum is regained.");
    public static final Keyword<Script> QUORUM_DOWN = Keyword.of(
            "quorum_down", VIRTUAL_SERVER, ScriptTypes.script(), "none", "Program to run when the quorum is lost.");
    public static final Keyword<Duration> REMOVAL_GRACE = Keyword.of(
            "removal_grace",
            Set.of(LVSD, VIRTUAL_SERVER),
            TimeTypes.seconds(Duration.ZERO, TimeTypes.DAY),
            "30",
            "Time to drain connections of a healthy server that is removed.");
    public static final Keyword<Long> PANIC_THRESHOLD = Keyword.of(
            "panic_threshold",
            Set.of(LVSD, VIRTUAL_SERVER),
            NumberTypes.number(0, 100),
            "0, off",
            "Percentage of real servers that are up, below which failed ones stay in the table too, so that the rest"
                    + " is not overloaded.");
    public static final Keyword<Boolean> VIA_VIP = Keyword.of(
            "via_vip",
            VIRTUAL_SERVER,
            TextTypes.flag(),
            "off",
            "DR and TUN: probe each real server through the virtual address, on the path of user traffic.");
    public static final Keyword<SorryMode> SORRY_MODE = Keyword.of(
            "sorry_mode",
            Set.of(LVSD, VIRTUAL_SERVER),
            TextTypes.lowerCase(SorryMode.values()),
            "replace",
            "Live real servers while the sorry server is in use because the quorum is lost: replace removes them, as"
                + " keepalived does; add keeps them next to the sorry server. During maintenance, replace applies.");

    // ---- real servers
    public static final Keyword<Statement> REAL_SERVER_BLOCK = Keyword.of(
            "real_server",
            VIRTUAL_SERVER,
            BlockTypes.block("ADDRESS [PORT] {", 1, 2, Simple.SERVERS).holding(REAL_SERVER),
            "none",
            "Backend server.");
    public static final Keyword<Forwarding> RS_METHOD = Keyword.of(
            "lvs_method",
            REAL_SERVER,
            ServerTypes.forwarding(),
            "the virtual server's",
            "Forwarding method to this real server.");
    public static final Keyword<Long> RS_WEIGHT = Keyword.of(
            "weight",
            REAL_SERVER,
            NumberTypes.lenientNumber(0, MAX_WEIGHT),
            "the virtual server's",
            "Share of new connections; 0 receives none.");
    public static final Keyword<Long> UTHRESHOLD = Keyword.of(
            "uthreshold",
            REAL_SERVER,
            NumberTypes.lenientNumber(0, U32_MAX),
            "0, off",
            "Connections above which the server receives no new ones.");
    public static final Keyword<Long> LTHRESHOLD = Keyword.of(
            "lthreshold",
            REAL_SERVER,
            NumberTypes.lenientNumber(0, U32_MAX),
            "0, off",
            "Connections below which the server receives new ones again.");
    public static final Keyword<Script> NOTIFY_UP = Keyword.of(
            "notify_up", REAL_SERVER, ScriptTypes.script(), "none", "Program to run when the real server comes up.");
    public static final Keyword<Script> NOTIFY_DOWN = Keyword.of(
            "notify_down", REAL_SERVER, ScriptTypes.script(), "none", "Program to run when the real server goes down.");
    public static final Keyword<String> RS_SNMP_NAME = Keyword.of(
            "snmp_name", REAL_SERVER, TextTypes.text("NAME"), "none", "Name of the real server in KEEPALIVED-MIB.");

    // ---- both
    public static final Keyword<Boolean> INHIBIT_ON_FAILURE = Keyword.of(
            "inhibit_on_failure",
            SERVERS,
            TextTypes.flag(),
            "off",
            "Set the weight of a failed server to 0 instead of removing it from the table.");
    public static final Keyword<Duration> SLOW_START = Keyword.of(
            "slow_start",
            Set.of(LVSD, VIRTUAL_SERVER, REAL_SERVER),
            TimeTypes.seconds(Duration.ZERO, TimeTypes.DAY),
            "0, off",
            "Time in which the weight of a recovered server rises to the configured one; no effect on a weight of 1.");
    public static final Keyword<Boolean> PROXY_PROTOCOL = Keyword.of(
            "proxy_protocol",
            Set.of(LVSD, VIRTUAL_SERVER, REAL_SERVER),
            TextTypes.flag(),
            "off",
            "Embedded driver, TCP: send the client's address to the real server by the PROXY protocol, version 2.");
    public static final Keyword<Boolean> SMTP_ALERT = Keyword.of(
            "smtp_alert",
            SERVERS,
            TextTypes.bool(),
            "smtp_alert_checker, else smtp_alert, else on for real servers",
            "Send mail when the state changes.");
    public static final Keyword<Long> SNMP_INDEX = Keyword.of(
            "snmp_index",
            SERVERS,
            NumberTypes.number(1, MAX_INDEX),
            "the next free one",
            "Row number in LVS-MIB and KEEPALIVED-MIB: of the virtual server, or of the real server within its virtual"
                    + " server. Must be unique there. A virtual server of a group with several targets has it in"
                    + " KEEPALIVED-MIB only.");

    public static final List<Keyword<?>> ALL = List.of(
            IP_FAMILY,
            SCHEDULER,
            FLAG_1,
            FLAG_2,
            FLAG_3,
            SH_FALLBACK,
            SH_PORT,
            MH_FALLBACK,
            MH_PORT,
            HASHED,
            OPS,
            VS_METHOD,
            PERSISTENCE_TIMEOUT,
            PERSISTENCE_ENGINE,
            PERSISTENCE_GRANULARITY,
            PROTOCOL,
            SNMP_NAME,
            QUORUM,
            HYSTERESIS,
            VS_WEIGHT,
            SORRY_SERVER,
            SORRY_SERVER_INHIBIT,
            SORRY_SERVER_METHOD,
            OMEGA,
            HA_SUSPEND,
            QUORUM_UP,
            QUORUM_DOWN,
            REMOVAL_GRACE,
            PANIC_THRESHOLD,
            VIA_VIP,
            SORRY_MODE,
            REAL_SERVER_BLOCK,
            RS_METHOD,
            RS_WEIGHT,
            UTHRESHOLD,
            LTHRESHOLD,
            NOTIFY_UP,
            NOTIFY_DOWN,
            RS_SNMP_NAME,
            INHIBIT_ON_FAILURE,
            SLOW_START,
            PROXY_PROTOCOL,
            SMTP_ALERT,
            SNMP_INDEX);

    private ServerKeywords() {}
}
