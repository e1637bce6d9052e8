package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.lab.servers.ChangingServers;
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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code /livez} and {@code /readyz} of a busy daemon: real servers fail and return, weights change with reloads, overrides come
 * and go. Both respond with 200 all the time. Ten minutes with 10,000 real servers with {@code -Pfull}, otherwise some seconds
 * with 1,000.
 */
final class HealthEndpointsIT {
    private static final boolean FULL = Boolean.getBoolean("lvsd.lab.full");
    private static final long DURATION_NANOS =
            Duration.ofSeconds(FULL ? 600 : 12).toNanos();
    private static final int SERVICES = FULL ? 100 : 10;
    /** Of each service. One port each, so that a closed port is a failure in each service. */
    private static final int SERVERS = 100;
    /** Servers of each service that are down at a time. */
    private static final int DOWN = 5;

    private static final int RELOAD_EVERY = 20;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Random random = new Random(Long.getLong("seed", 1));
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    @TempDir
    private Path directory;

    private String base = "";

    // shared with the thread that polls
    private final AtomicInteger polls = new AtomicInteger();
    private volatile String failure = "";

    private static String config(int http, List<Integer> ports, int variant) {
        StringBuilder text = new StringBuilder("lvsd {\n http {\n  listen 127.0.0.1:" + http + "\n }\n}\n");
        for (int v = 0; v < SERVICES; v++) {
            text.append("virtual_server 192.0.2.")
                    .append(v + 1)
                    .append(" 80 {\n delay_loop " + (FULL ? 10 : 2)
                            + "\n lvs_sched wlc\n lvs_method NAT\n protocol TCP\n retry 1\n"
                            + " delay_before_retry 1\n");
            for (int s = 0; s < SERVERS; s++) {
                text.append(" real_server 127.0.").append(v).append('.').append(s + 1);
                text.append(' ').append(ports.get(s)).append(" {\n  weight ").append(1 + (s + variant) % 5);
                text.append("\n  TCP_CHECK {\n   connect_timeout 2\n  }\n }\n");
            }
            text.append("}\n");
        }
        return text.toString();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private boolean isReady() {
        try {
            return get("/readyz").statusCode() == 200;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    /** Polls until it is interrupted, or one of both is not met. */
    private void poll() {
        try {
            while (failure.isEmpty()) {
                for (String path : List.of("/livez", "/readyz")) {
                    HttpResponse<String> response = get(path);
                    if (response.statusCode() != 200) {
                        failure = path + " after " + polls + " polls: " + response.body();
                    }
                }
                polls.incrementAndGet();
                Thread.sleep(PAUSE);
            }
        } catch (IOException e) {
            failure = e.toString();
        } catch (InterruptedException _) {
            // The end of the test.
        }
    }

    @Test
    void neitherChangesWhileServersFailAndReturn() throws IOException, InterruptedException {
        int http;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            http = free.getLocalPort();
        }
        base = "http://127.0.0.1:" + http;
        try (ChangingServers servers = new ChangingServers()) {
            List<Integer> ports = servers.openFree(SERVERS);
            Path file = Files.writeString(directory.resolve("lvsd.conf"), config(http, ports, 0));
            try (LvsdProcess daemon = LvsdProcess.startReady(directory, file, "--driver", "memory")) {
                daemon.until("it is ready", this::isReady);
                Thread poller = Thread.ofVirtual().start(this::poll);
                churn(http, ports, servers, file, daemon);
                poller.interrupt();
                poller.join();
                assertEquals("", failure);
                System.out.printf(
                        "HealthEndpointsIT: %d real servers, %d lines rs.down, %d lines rs.up, %d reloads, %d polls of"
                                + " /livez and /readyz, all with 200%n",
                        SERVICES * SERVERS,
                        daemon.count("event=rs.down"),
                        daemon.count("event=rs.up"),
                        daemon.count("event=config.loaded"),
                        polls.get());
                assertTrue(daemon.count("event=rs.down") > 0 && daemon.count("event=rs.up") > 0, daemon::log);
            }
        }
    }

    private void churn(int http, List<Integer> ports, ChangingServers servers, Path file, LvsdProcess daemon)
            throws IOException, InterruptedException {
        Deque<Integer> down = new ArrayDeque<>();
        long start = System.nanoTime();
        long next = start;
        int turn = 0;
        while (System.nanoTime() - start < DURATION_NANOS && failure.isEmpty()) {
            if (System.nanoTime() - next >= 0) {
                next += TimeUnit.SECONDS.toNanos(FULL ? 3 : 1);
                turn++;
                change(ports, servers, down);
                if (turn % RELOAD_EVERY == 2) {
                    Files.writeString(file, config(http, ports, turn));
                    daemon.ask("reload");
                }
                override(turn, ports, daemon);
            }
            Thread.sleep(PAUSE);
        }
    }

    /** A server of each service fails; the one that has been down for the longest time returns. */
    private void change(List<Integer> ports, ChangingServers servers, Deque<Integer> down) throws IOException {
        int port = ports.get(random.nextInt(SERVERS));
        if (!down.contains(port)) {
            servers.close(port);
            down.addLast(port);
        }
        if (down.size() > DOWN) {
            servers.open(down.removeFirst());
        }
    }

    private static void override(int turn, List<Integer> ports, LvsdProcess daemon)
            throws IOException, InterruptedException {
        String server = "127.0.0." + (1 + turn / 4 % SERVERS) + ":" + ports.get(turn / 4 % SERVERS);
        switch (turn % 4) {
            case 1 -> daemon.ask("drain", "192.0.2.1:80/tcp", server);
            case 3 -> daemon.ask("enable", "192.0.2.1:80/tcp", server);
            default -> {}
        }
    }
}
