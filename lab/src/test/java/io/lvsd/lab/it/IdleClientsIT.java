package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real daemon that may open 1,500 files, and more idle clients than that: probes and the operator keep their descriptors. */
final class IdleClientsIT {
    private static final int OPEN_FILES = 1_500;
    private static final int CLIENTS = 1_700;

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

    private LvsdProcess start(Path file) throws IOException {
        return LvsdProcess.startBy(
                List.of("bash", "-c", "ulimit -n " + OPEN_FILES + " && exec \"$@\"", "bash"), directory, file);
    }

    private static boolean isDown(LvsdProcess daemon, int realServer) {
        return daemon.log().lines().anyMatch(l -> l.contains("127.0.0.1:" + realServer) && l.contains("event=rs.down"));
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
        try (LvsdProcess daemon = start(file)) {
            daemon.awaitReady();
            daemon.until("the sorry page is open", () -> isDown(daemon, dead));
            assertFalse(isDown(daemon, server.getLocalPort()), daemon::log);
            hold(page);
            hold(http);
            server.close();
            daemon.until("the death is noticed", () -> isDown(daemon, server.getLocalPort()));
            assertTrue(daemon.ask("status").contains("127.0.0.1:" + server.getLocalPort() + "  down"));
            assertFalse(daemon.log().contains("EMFILE") || daemon.log().contains("Too many open files"), daemon::log);
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
