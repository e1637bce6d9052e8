package io.lvsd.core.metrics;

import io.lvsd.core.loop.Telemetry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** The metrics of the daemon: receives measurements, and makes the text of {@code /metrics}. Thread-safe. */
public final class Metrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);

    /** Where measurements go. */
    public Telemetry telemetry() {
        return meters;
    }

    /**
     * All metrics. Reads an immutable state, so it delays neither the engine nor probes; takes up to some 100 ms for 10,000
     * real servers, so it must not run on an event loop. One scrape at a time, others wait.
     *
     * @param accept value of the header Accept: text format of Prometheus, or OpenMetrics if it is preferred; may be empty
     * @param gzip whether the client accepts gzip
     */
    public synchronized Scrape scrape(String accept, boolean gzip) {
        Format format = Format.of(accept);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (OutputStream out = gzip ? new GZIPOutputStream(body) : body) {
            registry.scrape(out, format.contentType());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Scrape(format.contentType(), gzip, body.toByteArray());
    }

    @Override
    public void close() {
        registry.close();
    }
}
