package io.lvsd.core.metrics;

import io.lvsd.conf.model.MetricsConfig;
import io.lvsd.core.loop.Telemetry;
import io.lvsd.core.notify.Receivers;
import io.lvsd.core.view.StatusInput;
import io.lvsd.snmp.SnmpObserver;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * The metrics of the daemon: receives measurements, and makes the text of {@code /metrics}. Thread-safe.
 *
 * <p>What the daemon does is counted by meters of Micrometer. What it has, the state of servers and the counters of the table, is
 * written directly from the state of the engine: 10,000 real servers have more than 100,000 series.
 */
public final class Metrics implements AutoCloseable {
    private static final int BUFFER = 65_536;
    private static final Family DROPPED =
            Family.gauge("lvsd_metrics_dropped_series", "Series that were left out because of max_series");

    private final Supplier<Optional<StatusInput>> status;
    private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CompositeMeterRegistry registry = new CompositeMeterRegistry();
    private final CheckStats stats = new CheckStats();
    private final Meters meters;
    private final RequestMeters requests;
    private final SnmpMeters snmp;
    private final JvmMeters jvm;
    private final Push push;
    // guarded by this
    private final WallTime wall = new WallTime();

    /**
     * Registers all meters.
     *
     * @param status the present state of the daemon; empty before the engine has started
     * @param host name of this host
     */
    public Metrics(Supplier<Optional<StatusInput>> status, String host) {
        this.status = status;
        registry.add(prometheus);
        this.jvm = new JvmMeters(registry);
        this.meters = new Meters(registry, stats);
        this.requests = new RequestMeters(registry);
        this.snmp = new SnmpMeters(registry);
        this.push = new Push(registry, this::tables, host);
    }

    /** Uses another configuration. */
    public void configure(MetricsConfig config) {
        stats.countDurations(config.perCheckHistogram());
        push.configure(config);
    }

    private List<Table<?>> tables(WallTime time) {
        return status.get().map(in -> StateTables.of(in, stats, time, Part.ALL)).orElse(List.of());
    }

    /** Includes what becomes of notifications. */
    public void add(Receivers receivers) {
        NotifyMeters.bind(receivers, registry);
    }

    /** Includes the number of log lines that were lost since the start; any thread reads it. */
    public void addLostLogLines(LongSupplier lost) {
        FunctionCounter.builder("lvsd.log.lost.lines", lost, LongSupplier::getAsLong)
                .description("Log lines that were not written")
                .register(registry);
    }

    /** Counts SNMP requests and notifications. */
    public SnmpObserver snmp() {
        return snmp;
    }

    /** An HTTP request was answered; {@code route} is from a fixed set. */
    public void httpRequest(String route, int status, Duration duration) {
        requests.http(route, status, duration);
    }

    /** Where measurements go. */
    public Telemetry telemetry() {
        return meters;
    }

    /** All metrics. */
    public Scrape scrape(String accept, boolean gzip) {
        return scrape(accept, gzip, Part.ALL);
    }

    /**
     * Some parts of the metrics. Reads an immutable state, so it delays neither the engine nor probes; takes up to some 100 ms for 10,000
     * real servers, so it must not run on an event loop. One scrape at a time, others wait.
     *
     * @param accept value of the header Accept: text format of Prometheus, or OpenMetrics if it is preferred; may be empty
     * @param gzip whether the client accepts gzip
     */
    public synchronized Scrape scrape(String accept, boolean gzip, Set<Part> parts) {
        Format format = Format.of(accept);
        Chunks body = new Chunks();
        try (OutputStream out = gzip ? new FastGzip(body) : body) {
            write(format, parts, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Scrape(format.contentType(), gzip, body.parts());
    }

    private void write(Format format, Set<Part> parts, OutputStream out) throws IOException {
        byte[] measured = measured(format, parts);
        Optional<StatusInput> in = status.get();
        long limit =
                in.map(i -> i.state().config().lvsd().metrics().maxSeries()).orElse(Long.MAX_VALUE);
        TextWriter writer = new TextWriter(format, out, limit - series(measured) - 1);
        if (in.isPresent()) {
            for (Table<?> table : StateTables.of(in.get(), stats, wall, parts)) {
                writer.write(table);
            }
        }
        writer.writeAlways(Table.of(DROPPED, (double) writer.dropped()));
        writer.flush();
        out.write(measured);
    }

    /** The text of what the meters have counted. */
    private byte[] measured(Format format, Set<Part> parts) throws IOException {
        MetricSnapshots snapshots = parts.contains(Part.DAEMON)
                ? prometheus.getPrometheusRegistry().scrape()
                : MetricSnapshots.builder().build();
        ByteArrayOutputStream text = new ByteArrayOutputStream(BUFFER);
        formatWriter(format).write(text, snapshots, EscapingScheme.DEFAULT);
        return text.toByteArray();
    }

    /** The number of series in a text: lines that are neither empty nor comments. */
    static long series(byte[] text) {
        long series = 0;
        byte before = '\n';
        for (byte b : text) {
            series += before == '\n' && b != '#' && b != '\n' ? 1 : 0;
            before = b;
        }
        return series;
    }

    private static ExpositionFormatWriter formatWriter(Format format) {
        return switch (format) {
            case PROMETHEUS -> PrometheusTextFormatWriter.create();
            case OPEN_METRICS -> OpenMetricsTextFormatWriter.create();
        };
    }

    /** Series of one server differ little, so the fastest level is enough. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    @Override
    public void close() {
        push.close();
        jvm.close();
        registry.close();
        prometheus.close();
    }
}
