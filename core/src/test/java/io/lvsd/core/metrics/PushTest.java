package io.lvsd.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.lvsd.conf.model.MetricsConfig;
import io.lvsd.conf.model.MetricsConfig.OtlpConfig;
import io.lvsd.conf.model.MetricsConfig.StatsdConfig;
import io.lvsd.conf.value.StatsdFlavor;
import io.lvsd.core.engine.World;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics are sent to a StatsD server and to an OpenTelemetry collector. */
final class PushTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int TIMEOUT_SECONDS = 30;

    private final World world = new World().start(World.vs("", World.rs("10.0.1.1:80", "weight 7")));

    private Metrics metrics() {
        return new Metrics(() -> Optional.of(ManyServers.input(world.state)), "director-1");
    }

    private static MetricsConfig config(Optional<StatsdConfig> statsd, Optional<OtlpConfig> otlp) {
        return new MetricsConfig(false, false, 10_000, statsd, otlp);
    }

    @Test
    void statsdGetsTheMetersAndTheState() throws IOException {
        try (DatagramSocket server = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
                Metrics metrics = metrics()) {
            server.setSoTimeout(TIMEOUT_SECONDS * 1_000);
            server.setReceiveBufferSize(1 << 22);
            StatsdConfig statsd =
                    new StatsdConfig(LOOPBACK, server.getLocalPort(), Duration.ofSeconds(1), StatsdFlavor.DATADOG);
            metrics.configure(config(Optional.of(statsd), Optional.empty()));
            Set<String> expected = new HashSet<>(Set.of(
                    "lvsd.real.server.weight.configured:7|g|#host:director-1,real_server:10.0.1.1:80,"
                            + "virtual_server:10.0.0.1:80/tcp",
                    "lvsd.table.drift:0|g|#host:director-1,kind:service_gone"));
            boolean memory = false;
            while (!expected.isEmpty() || !memory) {
                DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
                server.receive(packet);
                assertTrue(packet.getLength() <= 1_432, "larger than a frame");
                String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
                text.lines().forEach(expected::remove);
                memory |= text.contains("jvm.memory.used:");
            }
        }
    }

    @Test
    void aCollectorGetsTheMetersAndTheStateWithItsToken(@TempDir Path directory) throws Exception {
        BlockingQueue<ExportMetricsServiceRequest> requests = new LinkedBlockingQueue<>();
        Set<String> tokens = new HashSet<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        collector.createContext("/v1/metrics", exchange -> {
            tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
            requests.add(ExportMetricsServiceRequest.parseFrom(new GZIPInputStream(exchange.getRequestBody())));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        Path token = Files.writeString(directory.resolve("token"), "s3cret\n");
        OtlpConfig otlp = new OtlpConfig(
                URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/metrics"),
                Duration.ofSeconds(1),
                Optional.of(token));
        try (Metrics metrics = metrics()) {
            metrics.configure(config(Optional.empty(), Optional.of(otlp)));
            NumberDataPoint point = null;
            while (point == null) {
                ExportMetricsServiceRequest request = requests.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                assertTrue(request != null, "timeout");
                assertEquals(
                        "director-1",
                        request.getResourceMetrics(0).getResource().getAttributesList().stream()
                                .filter(a -> a.getKey().equals("host.name"))
                                .map(a -> a.getValue().getStringValue())
                                .findFirst()
                                .orElse(""));
                point = request.getResourceMetrics(0).getScopeMetrics(0).getMetricsList().stream()
                        .filter(m -> m.getName().equals("lvsd.real.server.weight.configured"))
                        .map(Metric::getGauge)
                        .map(g -> g.getDataPoints(0))
                        .findFirst()
                        .orElse(null);
            }
            assertEquals(7, point.getAsDouble());
            assertEquals(
                    "10.0.1.1:80",
                    point.getAttributesList().stream()
                            .filter(a -> a.getKey().equals("real_server"))
                            .map(a -> a.getValue().getStringValue())
                            .findFirst()
                            .orElse(""));
            assertEquals(Set.of("Bearer s3cret"), tokens);
        } finally {
            collector.stop(0);
        }
    }

    /** The receiver is not there, and then another one is configured. */
    @Test
    void anotherConfigurationReplacesTheServer() throws IOException {
        try (DatagramSocket server = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
                Metrics metrics = metrics()) {
            server.setSoTimeout(TIMEOUT_SECONDS * 1_000);
            StatsdConfig closed = new StatsdConfig(LOOPBACK, 1, Duration.ofSeconds(1), StatsdFlavor.ETSY);
            metrics.configure(config(Optional.of(closed), Optional.empty()));
            StatsdConfig open =
                    new StatsdConfig(LOOPBACK, server.getLocalPort(), Duration.ofSeconds(1), StatsdFlavor.ETSY);
            metrics.configure(config(Optional.of(open), Optional.empty()));
            DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
            server.receive(packet);
            assertTrue(packet.getLength() > 0);
        }
    }
}
