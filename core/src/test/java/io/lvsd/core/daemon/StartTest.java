package io.lvsd.core.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.RepeatedSource;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.value.Driver;
import io.lvsd.core.store.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon between its start and its first turn. */
final class StartTest {
    @TempDir
    private Path directory;

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @Test
    void whatListensNeverShowsTheStateBeforeTheTableWasRead() throws Exception {
        int http = freePort();
        Path file = Files.writeString(
                directory.resolve("lvsd.conf"),
                "lvsd {\nhttp {\nlisten 127.0.0.1:" + http + "\n}\n}\nvirtual_server 192.0.2.1 80 {\nprotocol TCP\n"
                        + "lvs_sched rr\nlvs_method NAT\nreal_server 10.0.0.1 80 { }\n}\n");
        RepeatedSource source =
                new RepeatedSource(new ConfigLoader.Source(file, "test", Optional.of(ConfigFormat.KEEPALIVED)));
        ConfigLoader.Loaded loaded = source.load();
        assertTrue(loaded.loadable(), loaded.problems()::toString);
        TableDriver table = TableDriver.open(Driver.MEMORY, loaded);
        try (Daemon daemon = new Daemon(source, loaded.config(), table, Store.inMemory());
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + "/api/v1/status"))
                    .build();
            daemon.start(loaded, Store.inMemory(), false);
            assertEquals(503, client.send(request, BodyHandlers.ofString()).statusCode());
            Thread engine = Thread.ofPlatform().start(() -> run(daemon));
            assertEquals(1, daemon.state().servers().size(), "this waits for the first turn");
            String status = client.send(request, BodyHandlers.ofString()).body();
            assertTrue(status.contains("192.0.2.1:80/tcp"), status);
            daemon.requestStop();
            engine.join();
        }
    }

    /** The engine does not run yet, as if it were blocked. */
    @Test
    void livenessAndReadinessFollowTheEngine() throws Exception {
        int http = freePort();
        Path file = Files.writeString(
                directory.resolve("lvsd.conf"),
                "lvsd {\nhttp {\nlisten 127.0.0.1:" + http + "\n}\n}\nvirtual_server 192.0.2.1 80 {\nprotocol TCP\n"
                        + "lvs_sched rr\nlvs_method NAT\nreal_server 10.0.0.1 80 { }\n}\n");
        RepeatedSource source =
                new RepeatedSource(new ConfigLoader.Source(file, "test", Optional.of(ConfigFormat.KEEPALIVED)));
        ConfigLoader.Loaded loaded = source.load();
        TableDriver table = TableDriver.open(Driver.MEMORY, loaded);
        try (Daemon daemon = new Daemon(source, loaded.config(), table, Store.inMemory());
                HttpClient client = HttpClient.newHttpClient()) {
            daemon.start(loaded, Store.inMemory(), false);
            HttpResponse<String> live = awaitStatus(client, http, "/livez", 503);
            assertTrue(live.body().contains("\"name\" : \"engine\",\n    \"met\" : false"), live.body());
            awaitStatus(client, http, "/readyz", 503);
            Thread engine = Thread.ofPlatform().start(() -> run(daemon));
            awaitStatus(client, http, "/livez", 200);
            awaitStatus(client, http, "/readyz", 200);
            daemon.requestStop();
            engine.join();
        }
    }

    private static HttpResponse<String> awaitStatus(HttpClient client, int port, String path, int status)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (true) {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() == status) {
                return response;
            }
            assertTrue(System.nanoTime() < end, () -> path + " is still " + response.body());
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static void run(Daemon daemon) {
        try {
            daemon.run();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
