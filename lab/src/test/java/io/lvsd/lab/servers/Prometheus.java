package io.lvsd.lab.servers;

import io.lvsd.lab.bench.AcceptServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Debian's Prometheus on loopback. */
public final class Prometheus implements AutoCloseable {
    private static final Pattern VALUE = Pattern.compile("\"value\":\\[[0-9.e+]+,\"([^\"]*)\"]");
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int STOP_SECONDS = 30;

    private final Process process;
    private final int port;
    private final Path log;

    private Prometheus(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /** The directory with the unpacked packages; without them, a test is skipped, or fails with {@code -Dlab=required}. */
    public static Path tools() throws IOException, InterruptedException {
        Process unpack = new ProcessBuilder("bin/prometheus")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(unpack.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (unpack.waitFor() != 0) {
            String text = "lab/bin/prometheus cannot unpack Prometheus on this host: metrics are not tested with it";
            Assertions.assertNotEquals("required", System.getProperty("lab"), text);
            System.err.println("SKIPPED: " + text);
            Assumptions.abort(text);
        }
        return Path.of(printed);
    }

    /** Starts it. The configuration must be in a directory of its own. */
    public static Prometheus start(Path tools, Path config) throws IOException {
        int port = freePort();
        Path directory = Objects.requireNonNull(config.toAbsolutePath().getParent());
        Path log = directory.resolve("prometheus.log");
        Process process = new ProcessBuilder(
                        tools.resolve("usr/bin/prometheus").toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Prometheus(process, port, log);
    }

    /** A free port of loopback. */
    public static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Plays thousands of real servers: a process that accepts connections at a port of every address of loopback. */
    public static Process realServers(int port) throws IOException {
        return new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AcceptServer.class.getName(),
                        "" + port)
                .inheritIO()
                .start();
    }

    /** The response of an HTTP request; the body is not decompressed. */
    public static HttpResponse<byte[]> get(String url, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    }

    /** The answer to an instant query; empty while it does not respond. */
    private Optional<String> answer(String query) {
        try {
            String url = "http://127.0.0.1:" + port + "/api/v1/query?query="
                    + URLEncoder.encode(query, StandardCharsets.UTF_8);
            HttpResponse<byte[]> response = get(url);
            String text = new String(response.body(), StandardCharsets.UTF_8);
            if (response.statusCode() == 400) {
                throw new AssertionError("the query is wrong: " + query + "\n" + text);
            }
            return Optional.of(text).filter(t -> t.contains("\"status\":\"success\""));
        } catch (IOException _) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The values of the series that a query returns, as text; none while Prometheus does not respond. */
    public List<String> values(String query) {
        return answer(query).stream()
                .flatMap(a -> VALUE.matcher(a).results())
                .map(m -> m.group(1))
                .toList();
    }

    /** The values of a label in the series that a query returns. */
    public List<String> labels(String query, String label) {
        return answer(query).stream()
                .flatMap(a -> Pattern.compile("\"" + label + "\":\"([^\"]*)\"")
                        .matcher(a)
                        .results())
                .map(m -> m.group(1))
                .sorted()
                .toList();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it logged. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
