package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Registry.and;
import static io.lvsd.conf.keyword.Registry.declare;
import static io.lvsd.conf.keyword.Registry.notYet;
import static io.lvsd.conf.keyword.Scope.*;

import io.lvsd.conf.check.service.ServiceType;
import io.lvsd.conf.keyword.MoreTypes.Script;
import io.lvsd.conf.keyword.Shape.Simple;
import io.lvsd.conf.keyword.TlsTypes.FileName;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.Tls.Version;
import java.net.InetAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Declarations: the checks besides TCP_CHECK and HTTP_GET, what they need elsewhere, and TLS. */
public final class CheckKeywords {
    private static final Set<Scope> SERVERS = Set.of(VIRTUAL_SERVER, REAL_SERVER);
    /** Where a value may stand that is meant for all checks below. */
    private static final Set<Scope> LEVELS = and(SERVERS, LVSD);

    private static final Set<Scope> EVERYWHERE = and(CHECKS, VIRTUAL_SERVER, REAL_SERVER, LVSD);

    private static final Duration DAY = Duration.ofDays(1);
    private static final int MAX_LENGTH = 65_535;

    // ---- expressions
    public static final Keyword<PcreExpression> REGEX =
            declare("regex", URL, MoreTypes.regex(), "not checked", "Expression that the body must match.");
    public static final Keyword<Boolean> REGEX_NO_MATCH =
            declare("regex_no_match", URL, Types.flag(), "off", "The body must not match.");
    public static final Keyword<List<String>> REGEX_OPTIONS =
            declare("regex_options", URL, MoreTypes.regexOptions(), "none", "Options of the expression.");
    public static final Keyword<Long> REGEX_MIN_OFFSET = declare(
            "regex_min_offset",
            URL,
            Types.number(0, Types.U32_MAX, true),
            "0",
            "Where in the body a match may begin, in bytes.");
    public static final Keyword<Long> REGEX_MAX_OFFSET = declare(
            "regex_max_offset", URL, Types.number(0, Types.U32_MAX, true), "none", "Where a match must begin before.");
    public static final Keyword<List<Long>> REGEX_STACK = declare(
            "regex_stack",
            URL,
            MoreTypes.numbers("START MAX", 0, Types.U32_MAX),
            "none",
            "Without effect: an expression has a budget of steps instead.");

    // ---- HTTP beyond keepalived
    public static final Keyword<String> METHOD = declare(
            "method",
            URL,
            Types.choice(List.of("GET", "HEAD", "POST", "PUT", "OPTIONS")),
            "GET",
            "Method of the request.");
    public static final Keyword<String> HEADER = declare(
            "header",
            URL,
            MoreTypes.header().shaped(Simple.TEXTS).twice(ValueType.Twice.ALL),
            "none",
            "A header of the request; may stand several times.");
    public static final Keyword<String> BODY = declare("body", URL, Types.text("TEXT"), "none", "Body of the request.");
    public static final Keyword<Boolean> COMPRESSION = declare(
            "compression", URL, Types.flag(), "off", "Say that a compressed answer (gzip, deflate) is welcome.");
    public static final Keyword<Long> REDIRECTS = declare(
            "redirects",
            URL,
            Types.number(0, 3, false),
            "0",
            "Redirects that are followed, to the same address and port only.");
    public static final Keyword<List<String>> JSON = declare(
            "json",
            URL,
            Types.words("FIELD VALUE", 2, 2).shaped(Simple.NETWORKS).twice(ValueType.Twice.ALL),
            "not checked",
            "What a field of a JSON body must be, as in: json db.state ok; may stand several times.");

    // ---- TLS
    public static final Keyword<Statement> SSL_BLOCK = declare(
            "SSL",
            ROOT,
            Types.block(SSL, Simple.OBJECT).twice(ValueType.Twice.LAST_REPORTED),
            "none",
            "Client side of every SSL_GET.");
    public static final Keyword<String> SSL_PASSWORD =
            declare("password", SSL, Types.text("PASSWORD"), "none", "Password of the key.");
    public static final Keyword<FileName> SSL_CA = declare(
            "ca", SSL, TlsTypes.certificates(), "none", "Certificates to trust, PEM; used where tls_verify is on.");
    public static final Keyword<FileName> SSL_CERTIFICATE =
            declare("certificate", SSL, TlsTypes.certificates(), "none", "Own certificate and its chain, PEM.");
    public static final Keyword<FileName> SSL_KEY =
            declare("key", SSL, TlsTypes.key(), "none", "Own private key, PEM.");
    public static final Keyword<Boolean> TLS_COMPLIANT =
            declare("tls_compliant", Set.of(HTTP_CHECK, URL), Types.bool(), "off", "End TLS with close_notify.");
    public static final Keyword<Boolean> TLS =
            declare("tls", Set.of(GRPC_CHECK, SERVICE_CHECK), Types.flag(), "off", "Speak TLS from the first byte on.");
    public static final Keyword<Boolean> TLS_VERIFY = declare(
            "tls_verify",
            OVER_TLS,
            Types.flag(),
            "off",
            "The certificate must be trusted, and be for the name that is asked for.");
    public static final Keyword<FileName> TLS_CA = declare(
            "tls_ca", OVER_TLS, TlsTypes.certificates(), "ca of SSL, else the system's", "Certificates to trust, PEM.");
    public static final Keyword<String> TLS_PIN = declare(
            "tls_pin",
            OVER_TLS,
            MoreTypes.pin().shaped(Simple.TEXTS).twice(ValueType.Twice.ALL),
            "none",
            "SHA-256 sum of the public key that the server must have; may stand several times.");
    public static final Keyword<FileName> TLS_CERTIFICATE = declare(
            "tls_certificate",
            OVER_TLS,
            TlsTypes.certificates(),
            "certificate of SSL",
            "Own certificate and chain, PEM.");
    public static final Keyword<FileName> TLS_KEY =
            declare("tls_key", OVER_TLS, TlsTypes.key(), "key of SSL", "Own private key, PEM.");
    public static final Keyword<String> TLS_PASSWORD =
            declare("tls_password", OVER_TLS, Types.text("PASSWORD"), "password of SSL", "Password of the key.");
    public static final Keyword<Version> TLS_MIN = declare(
            "tls_min",
            and(OVER_TLS, VIRTUAL_SERVER, REAL_SERVER, LVSD),
            TlsTypes.version(),
            "1.2",
            "Lowest version of TLS that a check offers; all later ones are offered too.");
    public static final Keyword<List<String>> TLS_CIPHERS = declare(
            "tls_ciphers",
            and(OVER_TLS, VIRTUAL_SERVER, REAL_SERVER, LVSD),
            TlsTypes.ciphers(),
            "those of OpenSSL 3, RSA key exchange included",
            "The only cipher suites that a check offers, by their names in OpenSSL or of the IANA.");

    // ---- SMTP_CHECK, DNS_CHECK
    public static final Keyword<Statement> SMTP_CHECK_BLOCK =
            check("SMTP_CHECK", SMTP_CHECK, "A mail server greets and answers HELO.");
    public static final Keyword<String> HELO_NAME =
            declare("helo_name", SMTP_CHECK, Types.text("NAME"), "smtpchecker.keepalived.org", "Name in HELO.");
    public static final Keyword<Statement> SMTP_HOST_BLOCK = declare(
            "host",
            SMTP_CHECK,
            Types.block(SMTP_HOST, Simple.OBJECTS),
            "none",
            "Deprecated: one more check, of another address.");
    public static final Keyword<Statement> DNS_CHECK_BLOCK =
            check("DNS_CHECK", DNS_CHECK, "A name server answers a query.");
    public static final Keyword<String> DNS_TYPE = declare(
            "type",
            DNS_CHECK,
            MoreTypes.choiceAnyCase(List.of("A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "RRSIG", "DNSKEY")),
            "SOA",
            "Type of the query.");
    public static final Keyword<String> DNS_NAME =
            declare("name", DNS_CHECK, MoreTypes.domain(), ".", "Name of the query.");

    // ---- MISC_CHECK
    public static final Keyword<Statement> MISC_CHECK_BLOCK =
            check("MISC_CHECK", MISC_CHECK, "A program of yours ends with status 0.");
    public static final Keyword<Script> MISC_PATH = declare(
            "misc_path", MISC_CHECK, MoreTypes.command(), "required", "The program and its arguments, in quotes.");
    public static final Keyword<Long> MISC_TIMEOUT = declare(
            "misc_timeout",
            MISC_CHECK,
            Types.wholeTime(ChronoUnit.SECONDS, 0, 4_294, true),
            "delay_loop",
            "Time after which it is ended.");
    public static final Keyword<Boolean> MISC_DYNAMIC =
            declare("misc_dynamic", MISC_CHECK, Types.flag(), "off", "Status 2 to 255 is the weight plus 2.");
    public static final Keyword<List<String>> MISC_USER =
            declare("user", MISC_CHECK, MoreTypes.account(), "script_user", "Whom it runs as.");

    // ---- UDP_CHECK, PING_CHECK
    public static final Keyword<Statement> UDP_CHECK_BLOCK =
            check("UDP_CHECK", UDP_CHECK, "A datagram is answered, or not refused.");
    public static final Keyword<String> PAYLOAD =
            declare("payload", UDP_CHECK, MoreTypes.hex(false), "32 bytes of text", "What is sent.");
    public static final Keyword<String> REQUIRE_REPLY =
            declare("require_reply", UDP_CHECK, MoreTypes.optionalHex(), "none", "An answer, and how it must begin.");
    public static final Keyword<Long> MIN_REPLY_LENGTH = declare(
            "min_reply_length",
            UDP_CHECK,
            Types.number(0, MAX_LENGTH, false),
            "0",
            "Least length of the answer, in bytes.");
    public static final Keyword<Long> MAX_REPLY_LENGTH = declare(
            "max_reply_length", UDP_CHECK, Types.number(0, MAX_LENGTH, false), "255", "Largest length, in bytes.");
    public static final Keyword<Statement> PING_CHECK_BLOCK =
            check("PING_CHECK", PING_CHECK, "An ICMP echo is answered.");

    // ---- FILE_CHECK
    public static final Keyword<Statement> TRACK_FILE_BLOCK = declare(
            "track_file",
            List.of("vrrp_track_file"),
            Set.of(ROOT),
            Types.block("NAME {", 1, 1, Simple.NAMED_OBJECTS).holding(TRACK_FILE),
            "none",
            "Names a file whose number FILE_CHECK follows.",
            Support.ACTED_ON);
    public static final Keyword<String> TRACKED =
            declare("file", TRACK_FILE, Types.text("PATH"), "required", "The file.");
    public static final Keyword<List<String>> TRACK_WEIGHT =
            declare("weight", TRACK_FILE, MoreTypes.trackWeight(254), "1", "Factor of the file's number.");
    public static final Keyword<List<String>> INIT_FILE =
            declare("init_file", TRACK_FILE, MoreTypes.initFile(), "not written", "Write the file at start.");
    public static final Keyword<Statement> FILE_CHECK_BLOCK =
            check("FILE_CHECK", FILE_CHECK, "The number in a file says up, down or a weight.");
    public static final Keyword<String> FILE_NAME =
            declare("track_file", FILE_CHECK, Types.text("TRACK_FILE"), "required", "A track_file above.");
    public static final Keyword<List<String>> FILE_WEIGHT = declare(
            "weight", FILE_CHECK, MoreTypes.trackWeight(Integer.MAX_VALUE), "the file's", "Factor of the number.");
    public static final Keyword<Boolean> FILE_DYNAMIC =
            declare("dynamic", FILE_CHECK, Types.flag(), "off", "Without effect, in keepalived too.");

    // ---- BFD_CHECK
    public static final Keyword<Statement> BFD_INSTANCE_BLOCK = declare(
            "bfd_instance",
            ROOT,
            Types.block("NAME {", 1, 1, Simple.NAMED_OBJECTS).holding(BFD_INSTANCE),
            "none",
            "A BFD session, RFC 5880.");
    public static final Keyword<InetAddress> NEIGHBOR_IP = declare(
            "neighbor_ip",
            List.of("neighbour_ip"),
            Set.of(BFD_INSTANCE),
            Types.plainAddress(),
            "required",
            "The other end, one hop away.",
            Support.ACTED_ON);
    public static final Keyword<InetAddress> SOURCE_IP =
            declare("source_ip", BFD_INSTANCE, Types.plainAddress(), "any", "This end.");
    public static final Keyword<Duration> MIN_RX =
            interval("min_rx", 1, "10", "Least interval at which packets are taken.");
    public static final Keyword<Duration> MIN_TX =
            interval("min_tx", 1, "10", "Least interval at which packets are sent.");
    public static final Keyword<Duration> IDLE_TX =
            interval("idle_tx", 1_000, "1000", "Interval while the session is not up.");
    public static final Keyword<Long> MULTIPLIER =
            declare("multiplier", BFD_INSTANCE, Types.number(1, 255, false), "5", "Packets that may be missed.");
    public static final Keyword<Boolean> PASSIVE =
            declare("passive", BFD_INSTANCE, Types.flag(), "off", "Wait for the other end to begin.");
    public static final Keyword<Long> BFD_TTL = declare(
            "ttl",
            BFD_INSTANCE,
            Types.number(1, 255, false),
            "255",
            "Without effect: sent and taken with 255 only, RFC 5881.");
    public static final Keyword<Long> BFD_HOPLIMIT =
            declare("hoplimit", BFD_INSTANCE, Types.number(1, 255, false), "255", "As ttl, IPv6.");
    public static final Keyword<Long> BFD_MAX_HOPS =
            declare("max_hops", BFD_INSTANCE, Types.number(0, 255, false), "0", "As ttl.");
    public static final Keyword<List<String>> BFD_WEIGHT =
            declare("weight", BFD_INSTANCE, MoreTypes.trackWeight(253), "0", "For VRRP only.");
    public static final Keyword<Statement> BFD_CHECK_BLOCK = check("BFD_CHECK", BFD_CHECK, "A BFD session is up.");
    public static final Keyword<String> BFD_NAME =
            declare("name", BFD_CHECK, Types.text("INSTANCE"), "required", "A bfd_instance above.");

    // ---- lvsd's own
    public static final Keyword<Statement> GRPC_CHECK_BLOCK =
            check("GRPC_CHECK", GRPC_CHECK, "grpc.health.v1 says SERVING.");
    public static final Keyword<String> GRPC_SERVICE =
            declare("service", GRPC_CHECK, Types.text("NAME"), "the server as a whole", "Service that is asked for.");
    public static final Keyword<Statement> SERVICE_CHECK_BLOCK =
            check("SERVICE_CHECK", SERVICE_CHECK, "A server of a well-known kind says that it is well.");
    public static final Keyword<String> SERVICE_TYPE = declare(
            "type",
            SERVICE_CHECK,
            Types.choice(Stream.concat(Arrays.stream(ServiceType.values()).map(ServiceType::word), Stream.of("mariadb"))
                    .toList()),
            "required",
            "Kind of the server.");
    public static final Keyword<String> SERVICE_USER =
            declare("user", SERVICE_CHECK, Types.text("NAME"), "lvsd", "User that databases and RADIUS are told.");
    public static final Keyword<String> SERVICE_DATABASE =
            declare("database", SERVICE_CHECK, Types.text("NAME"), "the user's", "Database of PostgreSQL.");
    public static final Keyword<String> SERVICE_SECRET =
            declare("secret", SERVICE_CHECK, Types.text("PASSWORD"), "none", "Shared secret of RADIUS.");
    public static final Keyword<Long> RISE =
            declare("rise", EVERYWHERE, Types.number(1, 1_000, false), "1", "Passes in a row that bring it up.");
    public static final Keyword<Long> FALL = declare(
            "fall", EVERYWHERE, Types.number(1, 1_000, false), "retry + 1", "Failures in a row that take it down.");
    public static final Keyword<Duration> FAST_INTERVAL = declare(
            "fast_interval",
            EVERYWHERE,
            Types.seconds(Duration.ofNanos(1_000), DAY),
            "the other delays",
            "Delay between probes while the verdict is about to change.");
    public static final Keyword<Statement> WEIGHT_FROM_BLOCK = declare(
            "weight_from",
            LEVELS,
            Types.block(WEIGHT_FROM, Simple.OBJECT),
            "none",
            "The real server says what share of its weight it wants.");
    public static final Keyword<Long> AGENT = declare(
            "agent",
            WEIGHT_FROM,
            Types.number(1, 65_535, false),
            "none",
            "Port of an agent that speaks HAProxy's agent-check protocol.");
    public static final Keyword<String> AGENT_SEND =
            declare("agent_send", WEIGHT_FROM, Types.text("TEXT"), "nothing", "What the agent is sent first.");
    public static final Keyword<String> WEIGHT_HEADER =
            declare("header", WEIGHT_FROM, MoreTypes.token(), "none", "Header of HTTP answers that says it.");
    public static final Keyword<String> WEIGHT_JSON = declare(
            "json", WEIGHT_FROM, Types.text("FIELD"), "none", "Field of JSON answers that says it, as in load.weight.");
    public static final Keyword<Long> SMOOTHING = declare(
            "smoothing",
            WEIGHT_FROM,
            Types.number(1, 100, false),
            "100",
            "The most that the share moves at one word, in percent.");
    public static final Keyword<Long> FLOOR =
            declare("floor", WEIGHT_FROM, Types.number(0, 100, false), "0", "Least share, in percent.");
    public static final Keyword<Long> CEILING =
            declare("ceiling", WEIGHT_FROM, Types.number(1, 1_000, false), "100", "Largest share, in percent.");

    public static final Keyword<Boolean> HASHED = declare(
            "hashed",
            List.of(),
            Set.of(VIRTUAL_SERVER),
            Types.flag(),
            "off",
            "With lvs_sched sh or mh; without effect, in keepalived too.",
            Support.NOT_YET);
    public static final Keyword<Boolean> OMEGA =
            declare("omega", VIRTUAL_SERVER, Types.flag(), "off", "Notify of every server at a stop.");
    public static final Keyword<Boolean> HA_SUSPEND = declare(
            "ha_suspend", VIRTUAL_SERVER, Types.flag(), "off", "Check only while a virtual address is on this host.");
    public static final Keyword<Script> QUORUM_UP =
            declare("quorum_up", VIRTUAL_SERVER, MoreTypes.script(), "none", "Run when the quorum is gained.");
    public static final Keyword<Script> QUORUM_DOWN =
            declare("quorum_down", VIRTUAL_SERVER, MoreTypes.script(), "none", "Run when the quorum is lost.");
    public static final Keyword<Script> NOTIFY_UP =
            declare("notify_up", REAL_SERVER, MoreTypes.script(), "none", "Run when the server comes up.");
    public static final Keyword<Script> NOTIFY_DOWN =
            declare("notify_down", REAL_SERVER, MoreTypes.script(), "none", "Run when the server goes down.");
    public static final Keyword<Boolean> SMTP_ALERT = declare(
            "smtp_alert",
            SERVERS,
            Types.bool(),
            "smtp_alert_checker, else smtp_alert, else on for real servers",
            "Mail when its state changes.");

    static {
        notYet(
                Set.of(BFD_INSTANCE),
                "checker",
                Types.flag(),
                "off",
                "Not needed: a BFD_CHECK follows every session that it names.");
        notYet(Set.of(BFD_INSTANCE), "vrrp", Types.flag(), "off", "For keepalived's VRRP.");
        notYet(Set.of(REAL_SERVER), "snmp_name", Types.text("NAME"), "none", "Name in KEEPALIVED-MIB.");
    }

    private CheckKeywords() {}

    /** Sees to it that the declarations above have been made. */
    static void declareAll() {
        // Being called is enough.
    }

    private static Keyword<Statement> check(String name, Scope inside, String sentence) {
        return declare(name, REAL_SERVER, Types.block(inside, Simple.OBJECTS), "none", sentence);
    }

    /** As keepalived accepts it: a number of microseconds that has 32 bits, less its last three decimals. */
    private static Keyword<Duration> interval(String name, long least, String usual, String sentence) {
        return declare(
                name,
                BFD_INSTANCE,
                Types.milliseconds(Duration.ofMillis(least), Duration.ofMillis(4_294_967)),
                usual,
                sentence);
    }
}
