package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.control.ControlClient;
import io.lvsd.lab.servers.LoadServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded driver under load, as {@code ./lvsd run} on loopback: which connections may be lost, and which must not. */
final class EmbeddedLoadIT {
    private static final int CLIENTS = 8;
    private static final int DOWNLOADS = 10;
    /** Of 64 KiB each: 15 MiB, in more than six seconds. */
    private static final int LONG = 240;

    private static final int DEADLINE_MILLIS = 60_000;

    @TempDir
    private Path directory;

    private final List<LoadServer> servers = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger requests = new AtomicInteger();
    private final int[] lost = new int[CLIENTS];
    private final List<Thread> clients = new ArrayList<>();
    private int port;
    private Process lvsd;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        for (int i = 0; i < 4; i++) {
            servers.add(new LoadServer(i));
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        configure(servers);
        lvsd = new ProcessBuilder(
                        "./lvsd",
                        "run",
                        "-f",
                        directory.resolve("lvsd.conf").toString(),
                        "--run-dir",
                        directory.resolve("run").toString(),
                        "--state-dir",
                        directory.resolve("state").toString())
                .directory(Path.of("..").toRealPath().toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        for (LoadServer server : servers) {
            awaitLog("rs=127.0.0.1:" + server.port() + " check=TCP_CHECK from=unknown");
        }
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        over.set(true);
        for (Thread client : clients) {
            client.join(DEADLINE_MILLIS);
        }
        lvsd.destroy();
        assertTrue(lvsd.waitFor(DEADLINE_MILLIS, TimeUnit.MILLISECONDS));
        for (LoadServer server : servers) {
            server.close();
        }
    }

    private void configure(List<LoadServer> wanted) throws IOException {
        StringBuilder text = new StringBuilder("lvsd {\n  driver embedded\n  removal_grace 1\n}\n");
        text.append("virtual_server 127.0.0.1 ").append(port);
        text.append(" {\n  protocol TCP\n  lvs_sched rr\n  lvs_method NAT\n  delay_loop 1\n");
        for (LoadServer server : wanted) {
            text.append("  real_server 127.0.0.1 ").append(server.port());
            text.append(" {\n    TCP_CHECK {\n      connect_timeout 1\n      retry 0\n    }\n  }\n");
        }
        Files.writeString(directory.resolve("lvsd.conf"), text.append("}\n"), StandardCharsets.US_ASCII);
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    private void awaitLog(String text) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS);
        while (!log().contains(text)) {
            assertTrue(System.nanoTime() < deadline && lvsd.isAlive(), () -> "waiting for " + text);
            Thread.sleep(20);
        }
    }

    /** SIGHUP, and its answer in the log. */
    private void reload() throws IOException, InterruptedException {
        int before = count("event=config.loaded");
        new ProcessBuilder("kill", "-HUP", "" + lvsd.pid()).start().waitFor();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS);
        while (count("event=config.loaded") == before) {
            assertTrue(System.nanoTime() < deadline, "reloaded in time");
            Thread.sleep(20);
        }
    }

    private void awaitGone(LoadServer server) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS);
        Path socket = directory.resolve("run").resolve("lvsd.sock");
        while (ControlClient.request(socket, "table list").body().contains(":" + server.port() + " ")) {
            assertTrue(System.nanoTime() < deadline, "it leaves the table in time");
            Thread.sleep(20);
        }
    }

    private int count(String text) throws IOException {
        return log().split(text, -1).length - 1;
    }

    // ---- clients

    /** One connection: requests a number of blocks and checks every byte. Returns the name of the server. */
    private int fetch(int blocks) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(DEADLINE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DEADLINE_MILLIS);
            socket.getOutputStream().write(blocks);
            InputStream in = socket.getInputStream();
            int name = in.read();
            Random noise = LoadServer.noise(name, blocks);
            byte[] expected = new byte[LoadServer.BLOCK];
            for (int i = 0; i < blocks; i++) {
                noise.nextBytes(expected);
                if (!Arrays.equals(expected, in.readNBytes(expected.length))) {
                    throw new IOException("block " + i + " is not as it was sent, or missing");
                }
            }
            if (name < 0 || in.read() >= 0) {
                throw new IOException("the end is not where it should be");
            }
            return name;
        }
    }

    /** Each client has one connection at a time. */
    private void startLoad() throws InterruptedException {
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            clients.add(Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    try {
                        var _ = fetch(0);
                        requests.incrementAndGet();
                    } catch (IOException _) {
                        lost[number]++;
                    }
                }
            }));
        }
        someMoreRequests();
    }

    private void someMoreRequests() throws InterruptedException {
        int until = requests.get() + 2_000;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS);
        while (requests.get() < until) {
            assertTrue(System.nanoTime() < deadline, "the load goes on");
            Thread.sleep(5);
        }
    }

    private int lost() {
        return Arrays.stream(lost).sum();
    }

    private CompletableFuture<Integer> download() {
        CompletableFuture<Integer> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                done.complete(fetch(LONG));
            } catch (IOException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    @Test
    void onlyConnectionsOfAKilledServerAreLostAndDownloadsSurviveEverythingElse() throws Exception {
        startLoad();
        assertEquals(0, lost());

        LoadServer killed = servers.get(3);
        killed.kill();
        awaitLog("rs=127.0.0.1:" + killed.port() + " check=TCP_CHECK reason=");
        someMoreRequests();
        int lostByKill = lost();
        for (int ofOneClient : lost) {
            assertTrue(
                    ofOneClient <= 1,
                    "a client had one connection when the server was killed: " + Arrays.toString(lost));
        }

        List<CompletableFuture<Integer>> downloads = new ArrayList<>();
        for (int i = 0; i < DOWNLOADS; i++) {
            downloads.add(download());
        }
        someMoreRequests();
        reload();
        someMoreRequests();
        assertEquals(lostByKill, lost(), "a reload without a change loses nothing");

        configure(servers.subList(0, 2));
        reload();
        someMoreRequests();
        awaitGone(servers.get(2));
        assertEquals(lostByKill, lost(), "a healthy server that was removed loses nothing");

        killed.revive();
        configure(servers);
        reload();
        someMoreRequests();
        assertEquals(lostByKill, lost(), "servers that come back lose nothing");

        int[] from = new int[servers.size()];
        for (CompletableFuture<Integer> download : downloads) {
            from[download.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)]++;
        }
        assertEquals(DOWNLOADS, from[0] + from[1] + from[2], () -> Arrays.toString(from));
        assertTrue(from[2] > 0, "some came from the server that was removed meanwhile");
        System.out.println(requests.get() + " requests, " + lostByKill
                + " lost with the server that was killed; downloads of " + "each server: " + Arrays.toString(from));
    }
}
