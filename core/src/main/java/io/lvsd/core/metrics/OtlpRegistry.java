package io.lvsd.core.metrics;

import io.lvsd.checkers.files.RegularFile;
import io.lvsd.conf.model.MetricsConfig.OtlpConfig;
import io.lvsd.conf.source.IoReason;
import io.lvsd.core.host.LvsdVersion;
import io.lvsd.core.log.LastingFailure;
import io.micrometer.core.ipc.http.HttpUrlConnectionSender;
import io.micrometer.registry.otlp.CompressionMode;
import io.micrometer.registry.otlp.OtlpHttpMetricsSender;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends all meters to an OpenTelemetry collector at each interval. */
final class OtlpRegistry {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);

    private OtlpRegistry() {}

    /** Starts the thread. */
    static OtlpMeterRegistry start(OtlpConfig config, String host) {
        return OtlpMeterRegistry.builder(new Settings(config, host))
                .metricsSender(new Sender(config))
                .threadFactory(Thread.ofPlatform().name("otlp").daemon().factory())
                .build();
    }

    private record Settings(OtlpConfig config, String host) implements io.micrometer.registry.otlp.OtlpConfig {
        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public String url() {
            return config.url().toString();
        }

        @Override
        public Duration step() {
            return config.interval();
        }

        /** Not those of the environment, so that a configuration has one meaning. */
        @Override
        public Map<String, String> resourceAttributes() {
            return Map.of("service.name", "lvsd", "service.version", LvsdVersion.text(), "host.name", host);
        }

        @Override
        public Map<String, String> headers() {
            return Map.of();
        }

        @Override
        public CompressionMode compressionMode() {
            return CompressionMode.GZIP;
        }
    }

    /** Logs trouble once, and reads the token each time, as it may be renewed. Used by one thread. */
    private static final class Sender implements OtlpMetricsSender {
        private static final Logger LOG = LoggerFactory.getLogger(OtlpRegistry.class);
        private static final int MAX_TOKEN = 4_096;

        private final OtlpConfig config;
        private final OtlpMetricsSender http =
                new OtlpHttpMetricsSender(new HttpUrlConnectionSender(CONNECT_TIMEOUT, READ_TIMEOUT));
        private final LastingFailure sending = new LastingFailure();

        Sender(OtlpConfig config) {
            this.config = config;
        }

        @Override
        @SuppressWarnings("IllegalCatch") // declared by the interface
        public void send(Request request) {
            try {
                http.send(
                        config.tokenFile().isPresent()
                                ? authorised(request, config.tokenFile().get())
                                : request);
                if (sending.isActive()) {
                    sending.recovered(LOG.atInfo()).log("otlp.recovered");
                }
            } catch (Exception e) {
                if (sending.failed()) {
                    LOG.atWarn()
                            .addKeyValue("host", config.url().getHost())
                            .addKeyValue("reason", IoReason.of(e.getCause() instanceof IOException cause ? cause : e))
                            .addKeyValue("effect", "metrics of this interval are lost")
                            .log("otlp.failed");
                }
            }
        }

        private Request authorised(Request request, Path file) throws IOException {
            String token = new String(RegularFile.head(file, MAX_TOKEN), StandardCharsets.UTF_8).strip();
            Map<String, String> headers = new HashMap<>(request.getHeaders());
            headers.put("Authorization", "Bearer " + token);
            return Request.builder(request.getMetricsData())
                    .address(config.url().toString())
                    .compressionMode(request.getCompressionMode())
                    .headers(headers)
                    .build();
        }
    }
}
