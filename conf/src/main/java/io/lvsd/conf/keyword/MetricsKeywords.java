package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Scope.LVSD;
import static io.lvsd.conf.keyword.Scope.METRICS;
import static io.lvsd.conf.keyword.Scope.OTLP;
import static io.lvsd.conf.keyword.Scope.STATSD;

import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.StatsdFlavor;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** The block {@code metrics} and its keywords. */
public final class MetricsKeywords {
    private static final int STATSD_PORT = 8125;
    private static final Duration MAX_INTERVAL = Duration.ofHours(1);

    public static final Keyword<Statement> BLOCK = Keyword.of(
            "metrics",
            LVSD,
            BlockTypes.block(METRICS, Shape.Simple.OBJECT),
            "the defaults below",
            "Metrics, which the HTTP endpoint serves at /metrics.");
    public static final Keyword<Boolean> IPVS = Keyword.of(
            "ipvs_metrics",
            METRICS,
            TextTypes.bool(),
            "off",
            "Include the counters of the IPVS table for each destination, with the names and labels of node_exporter.");
    public static final Keyword<Boolean> PER_CHECK_HISTOGRAM = Keyword.of(
            "per_check_histogram",
            METRICS,
            TextTypes.bool(),
            "off",
            "Include a histogram of the probe durations of each check: 17 series a check.");
    public static final Keyword<Long> MAX_SERIES = Keyword.of(
            "max_series",
            METRICS,
            NumberTypes.number(1_000, 10_000_000),
            "300000",
            "Maximum number of series. Those above it are dropped, the least important ones first, and counted in"
                    + " lvsd_metrics_dropped_series.");

    // ---- StatsD
    public static final Keyword<Statement> STATSD_BLOCK = Keyword.of(
            "statsd",
            METRICS,
            BlockTypes.block(STATSD, Shape.Simple.OBJECT),
            "off",
            "StatsD server that metrics are sent to, over UDP.");
    public static final Keyword<Endpoint> STATSD_ADDRESS = Keyword.required(
            "address", STATSD, AddressTypes.target("statsd", STATSD_PORT), "Address and port of the server.");
    public static final Keyword<Duration> STATSD_INTERVAL = Keyword.of(
            "interval",
            STATSD,
            TimeTypes.seconds(Duration.ofSeconds(1), MAX_INTERVAL),
            "10",
            "How often metrics are sent.");
    public static final Keyword<StatsdFlavor> STATSD_FLAVOR = Keyword.of(
            "flavor",
            STATSD,
            TextTypes.lowerCase(StatsdFlavor.values()),
            "etsy",
            "How labels are sent: in the name, as tags of Datadog, or as tags of Telegraf.");

    // ---- OpenTelemetry
    public static final Keyword<Statement> OTLP_BLOCK = Keyword.of(
            "otlp",
            METRICS,
            BlockTypes.block(OTLP, Shape.Simple.OBJECT),
            "off",
            "OpenTelemetry collector that metrics are sent to, as OTLP over HTTP.");
    public static final Keyword<URI> OTLP_URL = Keyword.required(
            "url", OTLP, LvsdTypes.webAddress(), "Address of the collector, such as http://127.0.0.1:4318/v1/metrics.");
    public static final Keyword<Duration> OTLP_INTERVAL = Keyword.of(
            "interval",
            OTLP,
            TimeTypes.seconds(Duration.ofSeconds(1), MAX_INTERVAL),
            "60",
            "How often metrics are sent.");
    public static final Keyword<String> OTLP_TOKEN = Keyword.of(
            "token_file",
            OTLP,
            HostTypes.naming(Kind.FILE, TextTypes.text("FILE")),
            "none",
            "File with a bearer token for the header Authorization.");

    public static final List<Keyword<?>> ALL = List.of(
            BLOCK,
            IPVS,
            PER_CHECK_HISTOGRAM,
            MAX_SERIES,
            STATSD_BLOCK,
            STATSD_ADDRESS,
            STATSD_INTERVAL,
            STATSD_FLAVOR,
            OTLP_BLOCK,
            OTLP_URL,
            OTLP_INTERVAL,
            OTLP_TOKEN);

    private MetricsKeywords() {}
}
