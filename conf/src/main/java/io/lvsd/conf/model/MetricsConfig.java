package io.lvsd.conf.model;

import io.lvsd.conf.value.StatsdFlavor;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The block {@code metrics}.
 *
 * @param ipvs whether counters of the table are included
 * @param perCheckHistogram whether durations of probes are counted for each check
 * @param maxSeries maximum number of series, 1000 or more
 */
public record MetricsConfig(
        boolean ipvs,
        boolean perCheckHistogram,
        long maxSeries,
        Optional<StatsdConfig> statsd,
        Optional<OtlpConfig> otlp) {
    public static final MetricsConfig DEFAULT =
            new MetricsConfig(false, false, 300_000, Optional.empty(), Optional.empty());

    /** Without servers that metrics are sent to. */
    public MetricsConfig withoutPush() {
        return new MetricsConfig(ipvs, perCheckHistogram, maxSeries, Optional.empty(), Optional.empty());
    }

    /** A StatsD server that metrics are sent to, over UDP. */
    public record StatsdConfig(InetAddress address, int port, Duration interval, StatsdFlavor flavor) {
        public static final Duration INTERVAL = Duration.ofSeconds(10);
    }

    /**
     * An OpenTelemetry collector that metrics are sent to, over HTTP.
     *
     * @param tokenFile file with a bearer token
     */
    public record OtlpConfig(URI url, Duration interval, Optional<Path> tokenFile) {
        public static final Duration INTERVAL = Duration.ofSeconds(60);
    }
}
