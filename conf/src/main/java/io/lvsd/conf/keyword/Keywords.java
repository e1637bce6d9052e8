package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Registry.*;
import static io.lvsd.conf.keyword.Scope.*;
import static io.lvsd.conf.keyword.Shape.Simple.*;
import static io.lvsd.conf.keyword.Support.*;

import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.StatusRange;
import io.lvsd.conf.keyword.LvsTypes.Granularity;
import io.lvsd.conf.keyword.Types.Endpoint;
import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.Community;
import io.lvsd.conf.value.Driver;
import io.lvsd.conf.value.FailureProfile;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.IpFamily;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Repair;
import io.lvsd.conf.value.StopMode;
import io.lvsd.conf.value.TransportProtocol;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Every keyword of the language, declared once. Both syntaxes, validation and documentation read this table. */
public final class Keywords {
    private static final Duration ZERO = Duration.ZERO;
    private static final Duration TICK = Duration.ofNanos(1_000);
    private static final Duration DAY = Duration.ofDays(1);
    /** As keepalived accepts them: a number of microseconds that has 64 bits. */
    private static final Duration U64_MICROS = Duration.ofSeconds(18_446_744_073_709L, 551_614_000);

    private static final Duration U32_MICROS = Duration.ofNanos(4_294_967_295_000L);
    private static final long MAX_WEIGHT = Integer.MAX_VALUE;
    private static final Set<Scope> TIMED = and(CHECKS, VIRTUAL_SERVER, REAL_SERVER);

    // ---- root
    public static final Keyword<Statement> GLOBAL_DEFS_BLOCK =
            declare("global_defs", ROOT, Types.block(GLOBAL_DEFS, OBJECT), "none", "Settings of the whole daemon.");
    public static final Keyword<Statement> GROUP_BLOCK = declare(
            "virtual_server_group",
            ROOT,
            Types.block("NAME {", 1, 1, NAMED_LINES),
            "none",
            "Names a list of addresses, ranges and marks.");
    public static final Keyword<Statement> VIRTUAL_SERVER_BLOCK = declare(
            "virtual_server",
            ROOT,
            Types.block("ADDRESS [PORT] | fwmark N | group NAME {", 1, 2, VIRTUAL_SERVERS)
                    .holding(VIRTUAL_SERVER),
            "none",
            "What clients reach.");
    public static final Keyword<Statement> LVSD_BLOCK =
            declare("lvsd", ROOT, Types.block(LVSD, OBJECT), "all defaults", "Settings that only lvsd has.");

    // ---- global_defs
    public static final Keyword<Long> RANDOM_SEED = declare(
            "random_seed",
            GLOBAL_DEFS,
            Types.number(0, Types.U32_MAX, false),
            "the time",
            "Makes ${_RANDOM} give the same numbers every time; acted on while the file is read.");

    public static final Keyword<List<String>> INCLUDE_CHECK = declare(
            "include_check",
            GLOBAL_DEFS,
            MoreTypes.includeChecks(),
            "no checks",
            "What every include in this file must find; acted on while the file is read.");

    // ---- virtual_server
    public static final Keyword<IpFamily> IP_FAMILY = declare(
            "ip_family",
            VIRTUAL_SERVER,
            Types.mapped(Map.of("inet", IpFamily.INET, "inet6", IpFamily.INET6)),
            "from the address or the real servers",
            "Address family of a firewall mark service.");
    public static final Keyword<Duration> DELAY_LOOP = declare(
            "delay_loop",
            and(TIMED, WEIGHT_FROM, SMTP_HOST),
            Types.seconds(TICK, U64_MICROS),
            "60",
            "Time from the end of one probe to the start of the next.");
    public static final Keyword<Duration> CONNECT_TIMEOUT = declare(
            "connect_timeout",
            and(CONNECTING, SMTP_HOST, VIRTUAL_SERVER, REAL_SERVER, WEIGHT_FROM),
            Types.seconds(TICK, U32_MICROS),
            "5",
            "Deadline for connecting, and for each read.");
    public static final Keyword<Duration> TOTAL_TIMEOUT = declare(
            "total_timeout",
            and(CONNECTING, SMTP_HOST, VIRTUAL_SERVER, REAL_SERVER, WEIGHT_FROM, LVSD),
            Types.seconds(TICK, U32_MICROS.multipliedBy(ProbeAddress.PHASES)),
            "ten times connect_timeout",
            "Deadline for a whole probe, however often its server sends something.");
    public static final Keyword<Long> RETRY = declare(
            "retry",
            Set.of(VIRTUAL_SERVER, REAL_SERVER),
            Types.number(1, Types.U32_MAX, false),
            "the check's",
            "Failures in a row that are tolerated before the real server is marked down.");
    public static final Keyword<Long> CHECK_RETRY = declare(
            "retry",
            and(CHECKS, SMTP_HOST),
            Types.number(0, Types.U32_MAX, true),
            "1",
            "Failures in a row that are tolerated before the real server is marked down.");
    public static final Keyword<Long> NB_GET_RETRY =
            declare("nb_get_retry", HTTP_CHECK, Types.number(0, Types.U32_MAX, true), "1", "Deprecated name of retry.");
    public static final Keyword<Duration> DELAY_BEFORE_RETRY = declare(
            "delay_before_retry",
            and(TIMED, SMTP_HOST),
            Types.seconds(ZERO, U64_MICROS),
            "HTTP_GET 3, DNS_CHECK delay_loop, others 1",
            "Time from a tolerated failure to the next probe.");
    public static final Keyword<Duration> WARMUP = declare(
            "warmup",
            and(TIMED, SMTP_HOST),
            Types.seconds(ZERO, U64_MICROS),
            "first probe at once",
            "The first probe waits a random time up to this.");
    public static final Keyword<Boolean> INHIBIT_ON_FAILURE = declare(
            "inhibit_on_failure",
            Set.of(VIRTUAL_SERVER, REAL_SERVER),
            Types.flag(),
            "off",
            "A failed server gets weight 0 instead of leaving the table.");
    public static final Keyword<Boolean> ALPHA = declare(
            "alpha", and(TIMED, BFD_CHECK, SMTP_HOST), Types.flag(), "off", "Down until the first probe has passed.");
    public static final Keyword<String> SCHEDULER = declare(
            "lvs_sched",
            List.of("lb_algo"),
            Set.of(VIRTUAL_SERVER),
            Types.choice(List.of(
                    "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "sh", "mh", "dh", "fo", "ovf", "sed", "nq", "twos")),
            "wlc",
            "The kernel module that picks a real server.",
            ACTED_ON);
    public static final Keyword<Boolean> FLAG_1 =
            declare("flag-1", VIRTUAL_SERVER, Types.flag(), "off", "Scheduler flag 1.");
    public static final Keyword<Boolean> FLAG_2 =
            declare("flag-2", VIRTUAL_SERVER, Types.flag(), "off", "Scheduler flag 2.");
    public static final Keyword<Boolean> FLAG_3 =
            declare("flag-3", VIRTUAL_SERVER, Types.flag(), "off", "Scheduler flag 3.");
    public static final Keyword<Boolean> SH_FALLBACK = declare(
            "sh-fallback", VIRTUAL_SERVER, Types.flag(), "off", "sh: another server if the hashed one is unavailable.");
    public static final Keyword<Boolean> SH_PORT =
            declare("sh-port", VIRTUAL_SERVER, Types.flag(), "off", "sh: hash the port too.");
    public static final Keyword<Boolean> MH_FALLBACK = declare(
            "mh-fallback", VIRTUAL_SERVER, Types.flag(), "off", "mh: another server if the hashed one is unavailable.");
    public static final Keyword<Boolean> MH_PORT =
            declare("mh-port", VIRTUAL_SERVER, Types.flag(), "off", "mh: hash the port too.");
    public static final Keyword<Boolean> OPS =
            declare("ops", VIRTUAL_SERVER, Types.flag(), "off", "Schedule every UDP datagram by itself.");
    public static final Keyword<Forwarding> VS_METHOD = declare(
            "lvs_method",
            List.of("lb_kind"),
            Set.of(VIRTUAL_SERVER),
            LvsTypes.forwarding(),
            "NAT",
            "How packets reach the real servers.",
            ACTED_ON);
    public static final Keyword<Forwarding> RS_METHOD = declare(
            "lvs_method",
            REAL_SERVER,
            LvsTypes.forwarding(),
            "the virtual server's",
            "How packets reach this real server.");
    public static final Keyword<Long> PERSISTENCE_TIMEOUT = declare(
            "persistence_timeout",
            VIRTUAL_SERVER,
            LvsTypes.persistenceTimeout(),
            "off; 360 without a value",
            "A client stays with its server for so many seconds.");
    public static final Keyword<String> PERSISTENCE_ENGINE = declare(
            "persistence_engine",
            VIRTUAL_SERVER,
            Types.text("NAME"),
            "none",
            "Kernel module that tells clients apart.");
    public static final Keyword<Granularity> PERSISTENCE_GRANULARITY = declare(
            "persistence_granularity",
            VIRTUAL_SERVER,
            LvsTypes.granularity(),
            "single clients",
            "Clients of one network count as one.");
    public static final Keyword<TransportProtocol> PROTOCOL =
            declare("protocol", VIRTUAL_SERVER, Types.anyCase(TransportProtocol.class), "UDP", "Transport protocol.");
    public static final Keyword<String> VIRTUALHOST = declare(
            "virtualhost",
            Set.of(VIRTUAL_SERVER, REAL_SERVER, HTTP_CHECK, URL),
            Types.text("NAME"),
            "address and port",
            "Host header of HTTP checks.");
    public static final Keyword<String> SNMP_NAME = declare(
            "snmp_name",
            VIRTUAL_SERVER,
            Types.text("NAME"),
            "none",
            "Name by which commands and KEEPALIVED-MIB know it.");
    public static final Keyword<Long> QUORUM = declare(
            "quorum",
            VIRTUAL_SERVER,
            Types.number(1, Types.U32_MAX, true),
            "1",
            "Weight of live servers that the service needs.");
    public static final Keyword<Long> HYSTERESIS = declare(
            "hysteresis",
            VIRTUAL_SERVER,
            Types.number(0, Types.U32_MAX, true),
            "0",
            "Band around the quorum that stops flapping.");
    public static final Keyword<Long> VS_WEIGHT = declare(
            "weight", VIRTUAL_SERVER, Types.number(1, MAX_WEIGHT, true), "1", "Default weight of the real servers.");
    public static final Keyword<Endpoint> SORRY_SERVER =
            declare("sorry_server", VIRTUAL_SERVER, Types.endpoint(), "none", "Stands in while the quorum is lost.");
    public static final Keyword<Boolean> SORRY_SERVER_INHIBIT = declare(
            "sorry_server_inhibit",
            VIRTUAL_SERVER,
            Types.flag(),
            "off",
            "Keep the sorry server in the table at weight 0.");
    public static final Keyword<Forwarding> SORRY_SERVER_METHOD = declare(
            "sorry_server_lvs_method",
            VIRTUAL_SERVER,
            LvsTypes.forwarding(),
            "the virtual server's",
            "How packets reach the sorry server.");
    public static final Keyword<Statement> REAL_SERVER_BLOCK = declare(
            "real_server",
            VIRTUAL_SERVER,
            Types.block("ADDRESS [PORT] {", 1, 2, SERVERS).holding(REAL_SERVER),
            "none",
            "A backend.");

    // ---- real_server
    public static final Keyword<Long> RS_WEIGHT = declare(
            "weight",
            REAL_SERVER,
            Types.number(0, MAX_WEIGHT, true),
            "the virtual server's",
            "Share of new connections; 0 takes none.");
    public static final Keyword<Long> UTHRESHOLD = declare(
            "uthreshold",
            REAL_SERVER,
            Types.number(0, Types.U32_MAX, true),
            "0",
            "Connections above which it takes no more.");
    public static final Keyword<Long> LTHRESHOLD = declare(
            "lthreshold",
            REAL_SERVER,
            Types.number(0, Types.U32_MAX, true),
            "0",
            "Connections below which it takes some again.");
    public static final Keyword<Statement> TCP_CHECK_BLOCK = declare(
            "TCP_CHECK", REAL_SERVER, Types.block(TCP_CHECK, OBJECTS), "none", "A TCP connection is established.");
    public static final Keyword<Statement> HTTP_GET_BLOCK = declare(
            "HTTP_GET", REAL_SERVER, Types.block(HTTP_CHECK, OBJECTS), "none", "HTTP requests are answered as wanted.");
    public static final Keyword<Statement> SSL_GET_BLOCK = declare(
            "SSL_GET", REAL_SERVER, Types.block(HTTP_CHECK, OBJECTS), "none", "HTTPS requests are answered as wanted.");

    // ---- checks
    public static final Keyword<InetAddress> CONNECT_IP = declare(
            "connect_ip", and(CONNECTING, SMTP_HOST), Types.plainAddress(), "the real server's", "Address to probe.");
    public static final Keyword<Long> CONNECT_PORT = declare(
            "connect_port",
            and(CONNECTING, SMTP_HOST),
            Types.number(1, 65_535, true),
            "the real server's",
            "Port to probe.");
    public static final Keyword<InetAddress> BINDTO = declare(
            "bindto",
            and(CONNECTING, SMTP_HOST),
            MoreTypes.naming(Kind.ADDRESS, Types.plainAddress()),
            "none",
            "Address to probe from.");
    public static final Keyword<Long> BIND_PORT = declare(
            "bind_port", and(CONNECTING, SMTP_HOST), Types.number(1, 65_535, true), "any", "Port to probe from.");
    public static final Keyword<String> BIND_IF = declare(
            "bind_if",
            and(CONNECTING, SMTP_HOST),
            MoreTypes.naming(Kind.INTERFACE, MoreTypes.interfaceName()),
            "any",
            "Interface to probe from.");
    public static final Keyword<Long> CHECK_FWMARK = declare(
            "fwmark",
            and(CONNECTING, SMTP_HOST),
            Types.number(0, Types.U32_MAX, true),
            "0",
            "Firewall mark of the probe's packets.");
    public static final Keyword<Boolean> LOG_ALL_FAILURES = declare(
            "log_all_failures", and(CHECKS, SMTP_HOST), Types.bool(), "off", "Log failures that are borne, too.");
    public static final Keyword<Statement> URL_BLOCK =
            declare("url", HTTP_CHECK, Types.block(URL, OBJECTS), "none", "One request.");
    public static final Keyword<HttpVersion> HTTP_PROTOCOL = declare(
            "http_protocol",
            HTTP_CHECK,
            Types.mapped(Map.of(
                    "1.0",
                    HttpVersion.V1_0,
                    "1.0C",
                    HttpVersion.V1_0_CLOSE,
                    "1.0c",
                    HttpVersion.V1_0_CLOSE,
                    "1.1",
                    HttpVersion.V1_1,
                    "2",
                    HttpVersion.V2)),
            "1.0",
            "How HTTP is spoken; C adds Connection: close, 2 is HTTP/2 over TLS (ALPN) or h2c.");
    public static final Keyword<Boolean> FAST_RECOVERY =
            declare("fast_recovery", HTTP_CHECK, Types.bool(), "off", "No delay between urls while coming back.");
    public static final Keyword<Boolean> ENABLE_SNI =
            declare("enable_sni", OVER_TLS, Types.bool(), "off", "Send the host name in the TLS handshake.");
    public static final Keyword<String> SNI_NAME =
            declare("sni_name", OVER_TLS, Types.text("NAME"), "the virtualhost", "Host name for the TLS handshake.");
    public static final Keyword<String> PATH =
            declare("path", URL, Types.text("PATH"), "required", "Path of the request.");
    public static final Keyword<String> DIGEST =
            declare("digest", URL, Types.digest(), "not checked", "MD5 sum of the body.");
    public static final Keyword<List<StatusRange>> STATUS_CODE =
            declare("status_code", URL, Types.statusCodes(), "200-299", "Status codes that are good.");

    // ---- lvsd
    public static final Keyword<Driver> DRIVER = declare(
            "driver",
            LVSD,
            Types.mapped(Map.of(
                    "auto",
                    Driver.AUTO,
                    "kernel",
                    Driver.KERNEL,
                    "embedded",
                    Driver.EMBEDDED,
                    "memory",
                    Driver.MEMORY)),
            "auto",
            "What programs the table.");
    public static final Keyword<StopMode> STOP = declare(
            "stop",
            LVSD,
            Types.mapped(Map.of("remove", StopMode.REMOVE, "keep", StopMode.KEEP)),
            "remove",
            "What an orderly stop leaves behind.");
    public static final Keyword<Repair> REPAIR = declare(
            "repair",
            LVSD,
            Types.mapped(Map.of("missing", Repair.MISSING, "on", Repair.ON, "report", Repair.REPORT)),
            "missing",
            "What is done about changes made by others.");
    public static final Keyword<Duration> TRUST_VERDICTS = declare(
            "trust_verdicts",
            LVSD,
            Types.seconds(ZERO, DAY),
            "the larger of 30 and twice delay_loop",
            "Age up to which stored verdicts hold at start.");
    public static final Keyword<Duration> SCRIPT_TIMEOUT = declare(
            "script_timeout",
            LVSD,
            Types.seconds(Duration.ofSeconds(1), DAY),
            "60",
            "Time after which a notify or quorum script is ended.");
    public static final Keyword<Duration> REMOVAL_GRACE = declare(
            "removal_grace",
            Set.of(LVSD, VIRTUAL_SERVER),
            Types.seconds(ZERO, DAY),
            "30",
            "Time that a healthy server which leaves has for its connections.");
    public static final Keyword<Long> PANIC_THRESHOLD = declare(
            "panic_threshold",
            Set.of(LVSD, VIRTUAL_SERVER),
            Types.number(0, 100, false),
            "0, off",
            "Percentage of live servers below which those that fail their checks stay in, rather than overload the"
                    + " rest.");
    public static final Keyword<Duration> SLOW_START = declare(
            "slow_start",
            Set.of(LVSD, VIRTUAL_SERVER, REAL_SERVER),
            Types.seconds(ZERO, DAY),
            "0, off",
            "Time in which the weight of a returned server grows to its own; a weight of 1 cannot grow.");
    public static final Keyword<Long> RELOAD_GUARD = declare(
            "reload_guard",
            LVSD,
            Types.number(0, 100, false),
            "100, HOCON 50",
            "Percentage of real servers, of all and of each virtual server, that a reload may take out unless it is"
                    + " forced.");
    public static final Keyword<FailureProfile> FAILURE_PROFILE = declare(
            "failure_profile",
            LVSD,
            Types.mapped(Map.of("fast-fail", FailureProfile.FAST_FAIL, "drain-safe", FailureProfile.DRAIN_SAFE)),
            "the kernel's settings as they are",
            "What the kernel does with connections of a server that left: fast-fail ends them and lets clients go"
                    + " elsewhere, drain-safe leaves them alone. Put back at a stop.");
    public static final Keyword<Statement> WEBHOOK_BLOCK = declare(
            "webhook", LVSD, Types.block(WEBHOOK, OBJECTS), "none", "Where events are posted as JSON; several.");
    public static final Keyword<URI> WEBHOOK_URL =
            declare("url", WEBHOOK, MoreTypes.webAddress(), "required", "http or https; redirects are not followed.");
    public static final Keyword<String> WEBHOOK_SECRET = declare(
            "secret_file",
            WEBHOOK,
            MoreTypes.naming(Kind.FILE, Types.text("FILE")),
            "not signed",
            "Holds the key of the signature, HMAC with SHA-256, in the header X-Lvsd-Signature.");
    public static final Keyword<Duration> WEBHOOK_RETRY =
            declare("retry", WEBHOOK, Types.seconds(ZERO, DAY), "60", "How long delivery of one event is tried.");
    public static final Keyword<Boolean> VIA_VIP = declare(
            "via_vip",
            VIRTUAL_SERVER,
            Types.flag(),
            "off",
            "DR and TUN: probes go to the virtual address, on the path of user traffic, each to its real server.");
    public static final Keyword<String> ACCEPT_LOCAL = declare(
            "accept_local",
            LVSD,
            MoreTypes.naming(Kind.INTERFACE, MoreTypes.interfaceName())
                    .shaped(Simple.TEXTS)
                    .twice(ValueType.Twice.ALL),
            "none",
            "Interface whose sysctl accept_local is 1 while lvsd runs, as probes via a local VIP need; several lines.");
    public static final Keyword<Long> SORRY_LISTEN = declare(
            "sorry_listen",
            Set.of(LVSD, VIRTUAL_SERVER),
            Types.number(1, 65_535, false),
            "18080",
            "Port of the built-in sorry page or relay.");
    public static final Keyword<Boolean> PROXY_PROTOCOL = declare(
            "proxy_protocol",
            Set.of(LVSD, VIRTUAL_SERVER, REAL_SERVER),
            Types.flag(),
            "off",
            "Embedded driver, TCP: tell the real server who the client is, by the PROXY protocol, version 2.");
    public static final Keyword<Statement> SNMP_BLOCK =
            declare("snmp", LVSD, Types.block(SNMP, OBJECT), "off", "The SNMP agent.");
    public static final Keyword<Endpoint> SNMP_LISTEN =
            declare("listen", SNMP, LvsTypes.snmpListen(), "required", "Where the agent listens.");
    public static final Keyword<Community> SNMP_COMMUNITY =
            declare("community", SNMP, LvsTypes.community(), "none", "SNMPv2c community, read only.");
    public static final Keyword<Statement> HTTP_BLOCK =
            declare("http", LVSD, Types.block(HTTP, OBJECT), "off", "The read-only HTTP endpoint.");
    public static final Keyword<Endpoint> HTTP_LISTEN =
            declare("listen", HTTP, LvsTypes.httpListen(), "required", "Where the endpoint listens; loopback only.");
    public static final Keyword<Statement> SORRY_PAGE_BLOCK = declare(
            "sorry_page",
            LVSD,
            Types.block(SORRY_PAGE, OBJECT),
            "built-in page",
            "The page that clients get while nothing else answers.");
    public static final Keyword<String> PAGE_ROOT = declare(
            "root",
            SORRY_PAGE,
            MoreTypes.naming(Kind.DIRECTORY, Types.text("DIRECTORY")),
            "built-in page",
            "Directory with 404.html and what it needs.");
    public static final Keyword<Long> PAGE_STATUS =
            declare("status", SORRY_PAGE, Types.number(400, 599, false), "502", "Status of the page.");
    public static final Keyword<String> PAGE_REASON =
            declare("reason", SORRY_PAGE, Types.text("TEXT"), "Service temporarily down", "Reason phrase of the page.");
    public static final Keyword<Long> PAGE_RETRY_AFTER = declare(
            "retry_after",
            SORRY_PAGE,
            Types.wholeTime(ChronoUnit.SECONDS, 0, 86_400, false),
            "30",
            "Retry-After of the page, in seconds; 0 sends none.");

    static {
        GlobalKeywords.declareAll();
        CheckKeywords.declareAll();
        OwnKeywords.declare();
    }

    private Keywords() {}

    /** The keyword that a word means in a block of this kind. */
    public static Optional<Keyword<?>> find(Scope scope, String word) {
        return Registry.find(scope, word);
    }

    /** Every declaration, in the order of this file. */
    public static List<Keyword<?>> all() {
        return Registry.all();
    }

    /** Those that a block cannot do without. */
    static List<Keyword<?>> requiredIn(Scope scope) {
        return Registry.all().stream()
                .filter(k -> k.where().contains(scope) && k.defaultText().equals("required"))
                .toList();
    }

    /** Whether a word is that of a block which is a check of a real server. */
    public static boolean isCheck(String word) {
        return find(Scope.REAL_SERVER, word)
                .flatMap(k -> k.type().inside())
                .filter(Scope.ALL_CHECKS::contains)
                .isPresent();
    }

    /** Whether an unknown word of a real server is nearly that of a check, or looks like one. */
    public static boolean isNearlyCheck(String word) {
        return word.endsWith("_CHECK")
                || word.endsWith("_GET")
                || Suggestion.nearest(word, namesIn(Scope.REAL_SERVER))
                        .filter(Keywords::isCheck)
                        .isPresent();
    }

    static List<String> namesIn(Scope scope) {
        return Registry.namesIn(scope);
    }

    /** The name of the keyword that a word is an alias of, in whichever block. */
    static Optional<String> canonical(String alias) {
        return Registry.all().stream()
                .filter(k -> k.aliases().contains(alias))
                .map(Keyword::name)
                .findFirst();
    }

    /** The blocks in which a word is known, for hints; empty if it is known nowhere. */
    static String placesOf(String word) {
        return java.util.Arrays.stream(Scope.values())
                .filter(scope -> find(scope, word).isPresent())
                .map(Scope::title)
                .distinct()
                .collect(Collectors.joining(" or "));
    }

    /** The keyword whose block this is; empty for the top level. The first, if several have the same content. */
    public static Optional<Keyword<?>> blockOf(Scope scope) {
        return Registry.all().stream()
                .filter(k -> k.type().inside().filter(scope::equals).isPresent())
                .findFirst();
    }
}
