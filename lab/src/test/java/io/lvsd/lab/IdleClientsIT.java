package io.lvsd.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real daemon that may open 1,500 files, and more idle clients than that: probes and the operator keep their descriptors. */
final class IdleClientsIT {
    private static final int OPEN_FILES = 1_500;
    private static final int CLIENTS = 1_700;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path directory;

    private final List<Socket> clients = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private ServerSocket server;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        for (Socket client : clients) {
            client.close();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static String service(int port, int realServer, String more) {
        return "virtual_server 127.0.0.1 %d {\n delay_loop 1\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n%s real_server 127.0.0.1 %d {\n  TCP_CHECK {\n   connect_timeout 1\n   retry 0\n  }\n }\n}\n"
                .formatted(port, more, realServer);
    }

    private Process start(Path file) throws IOException {
        String lvsd = Path.of("..").toRealPath().resolve("lvsd").toString();
        return new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -n " + OPEN_FILES + " && exec \"$@\"",
                        "bash",
                        lvsd,
                        "run",
                        "-f",
                        file.toString(),
                        "--run-dir",
                        directory.resolve("run").toString(),
                        "--state-dir",
                        directory.resolve("store").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return "";
        }
    }

    private void until(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, () -> "did not happen: " + what + "\n" + log());
            Thread.sleep(50);
        }
    }

    private boolean isDown(int realServer) {
        return log().lines().anyMatch(l -> l.contains("127.0.0.1:" + realServer) && l.contains("to=unhealthy"));
    }

    private String status() throws IOException, InterruptedException {
        String lvsd = Path.of("..").toRealPath().resolve("lvsd").toString();
        Process client = new ProcessBuilder(
                        lvsd, "status", "--run-dir", directory.resolve("run").toString())
                .redirectErrorStream(true)
                .start();
        String text = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, client.waitFor(), text);
        return text;
    }

    private void hold(int port) throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            Socket client = new Socket();
            clients.add(client);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
            client.getOutputStream().write('G');
        }
    }

    @Test
    void idleClientsOfTheSorryPageAndOfTheStatusEndpointBlindNoCheckAndLockOutNoOperator() throws Exception {
        int page = freePort();
        int http = freePort();
        int dead = freePort();
        Path file = directory.resolve("lvsd.conf");
        Files.writeString(
                file,
                "lvsd {\n driver embedded\n sorry_listen " + page + "\n http {\n  listen 127.0.0.1:" + http
                        + "\n }\n}\n"
                        + service(freePort(), dead, " sorry_server 127.0.0.1 80\n")
                        + service(freePort(), server.getLocalPort(), ""));
        var _ = Thread.ofVirtual().start(this::accept);
        Process daemon = start(file);
        try {
            until("it is ready", () -> log().contains("event=daemon.ready"));
            until("the sorry page is open", () -> isDown(dead));
            assertFalse(isDown(server.getLocalPort()), this::log);
            hold(page);
            hold(http);
            server.close();
            until("the death is noticed", () -> isDown(server.getLocalPort()));
            assertTrue(status().contains("127.0.0.1:" + server.getLocalPort() + "  down"));
            assertFalse(log().contains("EMFILE") || log().contains("Too many open files"), this::log);
        } finally {
            daemon.destroy();
            assertTrue(daemon.waitFor(30, TimeUnit.SECONDS));
        }
    }

    private void accept() {
        try {
            while (true) {
                server.accept().close();
            }
        } catch (IOException _) {
            // The server has died.
        }
    }
}
