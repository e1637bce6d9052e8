package io.lvsd.conf.check.probe;

import static io.lvsd.conf.keyword.NumberTypes.U32_MAX;
import static io.lvsd.conf.keyword.Scope.LVSD;
import static io.lvsd.conf.keyword.Scope.REAL_SERVER;
import static io.lvsd.conf.keyword.Scope.VIRTUAL_SERVER;
import static io.lvsd.conf.keyword.Scope.WEIGHT_FROM;
import static io.lvsd.conf.keyword.Trait.CONNECTING;
import static io.lvsd.conf.keyword.Trait.PROBED;
import static io.lvsd.conf.keyword.Trait.RISE_FALL;

import io.lvsd.conf.keyword.AddressTypes;
import io.lvsd.conf.keyword.HostTypes;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.NumberTypes;
import io.lvsd.conf.keyword.Place;
import io.lvsd.conf.keyword.TextTypes;
import io.lvsd.conf.keyword.TimeTypes;
import io.lvsd.conf.keyword.Trait;
import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.value.ProbeAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Keywords that checks share. Those that are allowed in servers too are defaults of the checks below. */
public final class ProbeKeywords {
    private static final Set<Place> EVERYWHERE = Set.of(RISE_FALL, VIRTUAL_SERVER, REAL_SERVER, LVSD);
    private static final String TOLERATED = "Consecutive failures tolerated before the check is marked down.";

    // ---- when
    public static final Keyword<Duration> DELAY_LOOP = Keyword.of(
            "delay_loop",
            Set.of(PROBED, VIRTUAL_SERVER, REAL_SERVER, WEIGHT_FROM),
            TimeTypes.seconds(TimeTypes.MICROSECOND, TimeTypes.U64_MICROS),
            "60",
            "Interval from the end of one probe to the start of the next.");
    public static final Keyword<Duration> DELAY_BEFORE_RETRY = Keyword.of(
            "delay_before_retry",
            Set.of(PROBED, VIRTUAL_SERVER, REAL_SERVER),
            TimeTypes.seconds(Duration.ZERO, TimeTypes.U64_MICROS),
            "HTTP_GET 3, DNS_CHECK delay_loop, others 1",
            "Interval from a tolerated failure to the next probe.");
    public static final Keyword<Duration> FAST_INTERVAL = Keyword.of(
            "fast_interval",
            EVERYWHERE,
            TimeTypes.seconds(TimeTypes.MICROSECOND, TimeTypes.DAY),
            "the other intervals",
            "Interval between probes while results in a row may change the state.");
    public static final Keyword<Duration> WARMUP = Keyword.of(
            "warmup",
            Set.of(PROBED, VIRTUAL_SERVER, REAL_SERVER),
            TimeTypes.seconds(Duration.ZERO, TimeTypes.U64_MICROS),
            "probe immediately",
            "Maximum random delay of the first probe.");
    public static final Keyword<Duration> CONNECT_TIMEOUT = Keyword.of(
            "connect_timeout",
            Set.of(CONNECTING, VIRTUAL_SERVER, REAL_SERVER, WEIGHT_FROM),
            TimeTypes.seconds(TimeTypes.MICROSECOND, TimeTypes.U32_MICROS),
            "5",
            "Timeout of connecting and of each read.");
    public static final Keyword<Duration> TOTAL_TIMEOUT = Keyword.of(
            "total_timeout",
            Set.of(CONNECTING, VIRTUAL_SERVER, REAL_SERVER, WEIGHT_FROM, LVSD),
            TimeTypes.seconds(TimeTypes.MICROSECOND, TimeTypes.U32_MICROS.multipliedBy(ProbeAddress.PHASES)),
            "ten times connect_timeout",
            "Timeout of a whole probe, even if the server keeps sending.");

    // ---- results
    public static final Keyword<Long> RETRY = Keyword.of(
            "retry", Set.of(VIRTUAL_SERVER, REAL_SERVER), NumberTypes.number(1, U32_MAX), "the check's", TOLERATED);
    public static final Keyword<Long> CHECK_RETRY =
            Keyword.of("retry", PROBED, NumberTypes.lenientNumber(0, U32_MAX), "1", TOLERATED);
    public static final Keyword<Long> RISE = Keyword.of(
            "rise",
            EVERYWHERE,
            NumberTypes.number(1, 1_000),
            "1",
            "Consecutive passes after which a check that is down is marked up.");
    public static final Keyword<Long> FALL = Keyword.of(
            "fall",
            EVERYWHERE,
            NumberTypes.number(1, 1_000),
            "retry + 1",
            "Consecutive failures after which a check that is up is marked down.");
    public static final Keyword<Boolean> ALPHA = Keyword.of(
            "alpha",
            Set.of(PROBED, Trait.ALPHA, VIRTUAL_SERVER, REAL_SERVER),
            TextTypes.flag(),
            "off",
            "Treat the check as down until its first probe has passed.");
    public static final Keyword<Boolean> LOG_ALL_FAILURES = Keyword.of(
            "log_all_failures", PROBED, TextTypes.bool(), "checker_log_all_failures", "Log tolerated failures, too.");

    // ---- where
    public static final Keyword<InetAddress> CONNECT_IP =
            Keyword.of("connect_ip", CONNECTING, AddressTypes.plainAddress(), "the real server's", "Address to probe.");
    public static final Keyword<Long> CONNECT_PORT = Keyword.of(
            "connect_port",
            CONNECTING,
            NumberTypes.lenientNumber(1, NumberTypes.MAX_PORT),
            "the real server's",
            "Port to probe.");
    public static final Keyword<InetAddress> BINDTO = Keyword.of(
            "bindto",
            CONNECTING,
            HostTypes.naming(Kind.ADDRESS, AddressTypes.plainAddress()),
            "none",
            "Source address of probes.");
    public static final Keyword<Long> BIND_PORT = Keyword.of(
            "bind_port",
            CONNECTING,
            NumberTypes.lenientNumber(1, NumberTypes.MAX_PORT),
            "any",
            "Source port of probes.");
    public static final Keyword<String> BIND_IF =
            Keyword.of("bind_if", CONNECTING, HostTypes.interfaceName(), "any", "Interface that sends probes.");
    public static final Keyword<Long> CHECK_FWMARK = Keyword.of(
            "fwmark", CONNECTING, NumberTypes.lenientNumber(0, U32_MAX), "0", "Firewall mark of the probe's packets.");

    public static final List<Keyword<?>> ALL = List.of(
            DELAY_LOOP,
            DELAY_BEFORE_RETRY,
            FAST_INTERVAL,
            WARMUP,
            CONNECT_TIMEOUT,
            TOTAL_TIMEOUT,
            RETRY,
            CHECK_RETRY,
            RISE,
            FALL,
            ALPHA,
            LOG_ALL_FAILURES,
            CONNECT_IP,
            CONNECT_PORT,
            BINDTO,
            BIND_PORT,
            BIND_IF,
            CHECK_FWMARK);

    private ProbeKeywords() {}
}
