package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Keywords.inside;
import static io.lvsd.conf.keyword.Keywords.missed;
import static io.lvsd.conf.keyword.Keywords.notYet;
import static io.lvsd.conf.keyword.Scope.*;

import io.lvsd.conf.keyword.Shape.Simple;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/** Declarations: the checks that this version does not make, what they need elsewhere, and notifications of servers. */
final class CheckKeywords {
    private static final Set<Scope> SERVERS = Set.of(VIRTUAL_SERVER, REAL_SERVER);
    private static final Set<Scope> RS = Set.of(REAL_SERVER);
    private static final Set<Scope> TOP = Set.of(ROOT);
    private static final int MAX_LENGTH = 65_535;

    private CheckKeywords() {}

    static void declare() {
        servers();
        regex();
        tls();
        smtpAndDns();
        misc();
        udpAndPing();
        file();
        bfd();
    }

    private static void servers() {
        Set<Scope> vs = Set.of(VIRTUAL_SERVER);
        notYet(vs, "omega", Types.flag(), "off", "Notify of every server at a stop.");
        notYet(vs, "ha_suspend", Types.flag(), "off", "Check only while the address is on this host.");
        notYet(vs, "quorum_up", MoreTypes.script(), "none", "Run when the quorum is gained.");
        notYet(vs, "quorum_down", MoreTypes.script(), "none", "Run when the quorum is lost.");
        notYet(vs, "hashed", Types.flag(), "off", "Without effect, in keepalived too.");
        notYet(RS, "notify_up", MoreTypes.script(), "none", "Run when the server comes up.");
        notYet(RS, "notify_down", MoreTypes.script(), "none", "Run when the server goes down.");
        notYet(SERVERS, "smtp_alert", Types.flag(), "smtp_alert_checker", "Mail when its state changes.");
        notYet(RS, "snmp_name", Types.text("NAME"), "none", "Name in KEEPALIVED-MIB.");
    }

    private static void regex() {
        Set<Scope> url = Set.of(URL);
        missed(url, "regex", MoreTypes.regex(), "not checked", "Expression that the body must match.");
        missed(url, "regex_no_match", Types.flag(), "off", "The body must not match.");
        missed(url, "regex_options", MoreTypes.regexOptions(), "none", "Options of the expression.");
        missed(url, "regex_min_offset", Types.number(0, Types.U32_MAX, true), "0", "Where a match may begin.");
        missed(
                url,
                "regex_max_offset",
                Types.number(0, Types.U32_MAX, true),
                "none",
                "Where a match must begin before.");
        notYet(url, "regex_stack", MoreTypes.numbers("START MAX", 0, Types.U32_MAX), "", "Not needed.");
    }

    private static void tls() {
        notYet(Set.of(HTTP_CHECK, URL), "tls_compliant", Types.flag(), "off", "End TLS with close_notify.");
        notYet(
                TOP,
                "SSL",
                Types.block(SSL, Simple.OBJECT).twice(ValueType.Twice.LAST_REPORTED),
                "none",
                "Client side of every SSL_GET.");
        inside(SSL, "password", Types.text("PASSWORD"), "none", "Password of the key.");
        inside(SSL, "ca", Types.text("FILE"), "none", "Certificates to trust, PEM.");
        inside(SSL, "certificate", Types.text("FILE"), "none", "Own certificate and its chain, PEM.");
        inside(SSL, "key", Types.text("FILE"), "none", "Own private key, PEM.");
    }

    private static void smtpAndDns() {
        check("SMTP_CHECK", SMTP_CHECK, "A mail server greets and answers HELO.");
        inside(SMTP_CHECK, "helo_name", Types.text("NAME"), "smtpchecker.keepalived.org", "Name in HELO.");
        notYet(
                Set.of(SMTP_CHECK),
                "host",
                Types.block(SMTP_HOST, Simple.OBJECTS),
                "none",
                "Deprecated: one more check, of another address.");
        check("DNS_CHECK", DNS_CHECK, "A name server answers a query.");
        inside(
                DNS_CHECK,
                "type",
                MoreTypes.choiceAnyCase(List.of("A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "RRSIG", "DNSKEY")),
                "SOA",
                "Type of the query.");
        inside(DNS_CHECK, "name", MoreTypes.domain(), ".", "Name of the query.");
    }

    private static void misc() {
        check("MISC_CHECK", MISC_CHECK, "A program of yours ends with status 0.");
        inside(MISC_CHECK, "misc_path", MoreTypes.command(), "required", "The program and its arguments, in quotes.");
        inside(
                MISC_CHECK,
                "misc_timeout",
                Types.wholeTime(ChronoUnit.SECONDS, 0, Types.U32_MAX, true),
                "delay_loop",
                "Time after which it is ended.");
        inside(MISC_CHECK, "misc_dynamic", Types.flag(), "off", "Status 2 to 255 is the weight plus 2.");
        inside(MISC_CHECK, "user", Types.words("USER [[:]GROUP]", 1, 2), "script_user", "Whom it runs as.");
    }

    private static void udpAndPing() {
        check("UDP_CHECK", UDP_CHECK, "A datagram is answered, or not refused.");
        inside(UDP_CHECK, "payload", MoreTypes.hex(false), "32 bytes of text", "What is sent.");
        inside(UDP_CHECK, "require_reply", MoreTypes.optionalHex(), "none", "An answer, and how it must begin.");
        inside(UDP_CHECK, "min_reply_length", Types.number(0, MAX_LENGTH, false), "0", "Least length of the answer.");
        inside(UDP_CHECK, "max_reply_length", Types.number(0, MAX_LENGTH, false), "255", "Largest length.");
        check("PING_CHECK", PING_CHECK, "An ICMP echo is answered.");
    }

    private static void file() {
        for (String name : List.of("track_file", "vrrp_track_file")) {
            notYet(
                    TOP,
                    name,
                    Types.block("NAME {", 1, 1, Simple.NAMED_OBJECTS).holding(TRACK_FILE),
                    "none",
                    "Names a file whose number FILE_CHECK follows.");
        }
        inside(TRACK_FILE, "file", Types.text("PATH"), "required", "The file.");
        inside(TRACK_FILE, "weight", MoreTypes.trackWeight(254), "1", "Factor of the file's number.");
        inside(TRACK_FILE, "init_file", MoreTypes.initFile(), "not written", "Write the file at start.");
        check("FILE_CHECK", FILE_CHECK, "The number in a file says up, down or a weight.");
        inside(FILE_CHECK, "track_file", Types.text("NAME"), "required", "A track_file above.");
        inside(FILE_CHECK, "weight", MoreTypes.trackWeight(Integer.MAX_VALUE), "the file's", "Factor of the number.");
        inside(FILE_CHECK, "dynamic", Types.flag(), "off", "Without effect, in keepalived too.");
    }

    private static void bfd() {
        notYet(
                TOP,
                "bfd_instance",
                Types.block("NAME {", 1, 1, Simple.NAMED_OBJECTS).holding(BFD_INSTANCE),
                "none",
                "A BFD session, RFC 5880.");
        inside(BFD_INSTANCE, "neighbor_ip", Types.plainAddress(), "required", "The other end.");
        inside(BFD_INSTANCE, "source_ip", Types.plainAddress(), "any", "This end.");
        for (String name : List.of("min_rx", "min_tx")) {
            inside(
                    BFD_INSTANCE,
                    name,
                    Types.wholeTime(ChronoUnit.MILLIS, 1, 178_000_000, false),
                    "10",
                    "Interval of packets.");
        }
        inside(
                BFD_INSTANCE,
                "idle_tx",
                Types.wholeTime(ChronoUnit.MILLIS, 1_000, 178_000_000, false),
                "1000",
                "Interval while the session is down.");
        inside(BFD_INSTANCE, "multiplier", Types.number(1, 255, false), "5", "Packets that may be missed.");
        inside(BFD_INSTANCE, "passive", Types.flag(), "off", "Wait for the other end to begin.");
        inside(BFD_INSTANCE, "ttl", Types.number(1, 255, false), "255", "TTL of packets sent.");
        inside(BFD_INSTANCE, "hoplimit", Types.number(1, 255, false), "255", "As ttl, IPv6.");
        inside(BFD_INSTANCE, "max_hops", Types.number(0, 255, false), "0", "Hops that a packet may have made.");
        inside(BFD_INSTANCE, "weight", MoreTypes.trackWeight(253), "0", "For VRRP only.");
        check("BFD_CHECK", BFD_CHECK, "A BFD session is up.");
        inside(BFD_CHECK, "name", Types.text("NAME"), "required", "A bfd_instance above.");
    }

    private static void check(String name, Scope inside, String sentence) {
        missed(RS, name, Types.block(inside, Simple.OBJECTS), "none", sentence);
    }
}
