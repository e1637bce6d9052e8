package io.lvsd.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many idle, slow and greedy clients: others are served, and memory stays bounded. */
final class ManyClientsTest {
    private static final int IDLE = 1_000;
    private static final int LARGE = 4 << 20;
    private static final String GET = "GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final Workers workers = new Workers("test", 2, 64);
    private final List<Socket> clients = new ArrayList<>();
    private InetSocketAddress address;
    private HttpServer server;

    private void start(HttpLimits limits) throws IOException {
        address = Servers.freeAddress();
        byte[] large = new byte[LARGE];
        server = Servers.start(
                address,
                List.of(
                        Route.get("/quick", _ -> Response.of(200, "text/plain", "quick")),
                        Route.get("/large", workers, _ -> Response.of("application/octet-stream", large.clone()))),
                limits);
    }

    @BeforeEach
    void start() throws IOException {
        start(Servers.limits(64));
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        server.close();
        workers.close();
    }

    /** From several addresses of loopback, as one address may have half of the connections. */
    private Socket connect(int i) throws IOException {
        Socket socket = new Socket(
                address.getAddress(), address.getPort(), InetAddress.ofLiteral("127.0.2." + (1 + i % 20)), 0);
        clients.add(socket);
        return socket;
    }

    private void assertServes() throws IOException {
        for (int i = 0; i < 20; i++) {
            assertEquals("quick", RawClient.exchange(address, GET).body());
        }
        try (RawClient client = RawClient.connect(address)) {
            for (int i = 0; i < 20; i++) {
                assertEquals("quick", client.send(GET).reply().body());
            }
        }
    }

    private static long directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(p -> p.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void aThousandIdleConnectionsDelayNoRequest() throws IOException {
        assertServes();
        long heap = heap();
        long direct = directMemory();
        for (int i = 0; i < IDLE; i++) {
            connect(i);
        }
        assertServes();
        for (int i = 0; i < IDLE; i++) {
            Socket socket = connect(i);
            try {
                socket.getOutputStream().write("GET /quick HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            } catch (SocketException _) {
                // It was closed for a newer one.
            }
        }
        assertServes();
        assertTrue(heap() - heap < 32 << 20, "the heap grew by " + (heap() - heap));
        assertTrue(directMemory() - direct < 32 << 20, "direct memory grew by " + (directMemory() - direct));
    }

    /** Bodies are accepted up to a limit for all connections together. */
    @Test
    void thousandsOfIncompleteBodiesTakeBoundedMemory() throws IOException {
        long heap = heap();
        byte[] part = ("POST /quick HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 60000\r\n\r\n" + "x".repeat(50_000))
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 2_000; i++) {
            try {
                connect(i).getOutputStream().write(part);
            } catch (SocketException _) {
                // It was closed for a newer one.
            }
        }
        assertServes();
        assertTrue(heap() - heap < 32 << 20, "the heap grew by " + (heap() - heap));
    }

    /** Each response is larger than what may wait for clients. */
    @Test
    void clientsThatDoNotReadDoNotFillTheHeap() throws IOException {
        long heap = heap();
        for (int i = 0; i < 60; i++) {
            connect(i)
                    .getOutputStream()
                    .write("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        assertServes();
        assertTrue(heap() - heap < 8L * LARGE, "the heap grew by " + (heap() - heap));
    }

    @Test
    void aSlowRequestIsClosedAfterItsDeadline() throws IOException {
        server.close();
        HttpLimits usual = Servers.limits(64);
        start(new HttpLimits(
                64,
                Duration.ofMillis(500),
                Duration.ofMillis(500),
                usual.response(),
                usual.body(),
                usual.unsent(),
                usual.requestsPerSecond()));
        for (String begin : List.of(
                "GET /quick HTTP/1.1\r\nX: ",
                "POST /quick HTTP/1.1\r\n"
                        + "Host: localhost\r\n"
                        + "Content-Type: application/json\r\n"
                        + "Content-Length: 9\r\n\r\n",
                GET)) {
            Socket socket = connect(0);
            socket.getOutputStream().write(begin.getBytes(StandardCharsets.US_ASCII));
            assertTrue(dripsUntilClosed(socket), begin);
        }
        assertServes();
    }

    /** Sends a byte now and then. */
    private static boolean dripsUntilClosed(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        for (int i = 0; i < 300; i++) {
            try {
                if (socket.getInputStream().readNBytes(1 << 16).length == 0) {
                    return true;
                }
            } catch (SocketTimeoutException _) {
                // It is open.
            } catch (SocketException _) {
                return true;
            }
            try {
                socket.getOutputStream().write('x');
            } catch (SocketException _) {
                return true;
            }
        }
        return false;
    }
}
