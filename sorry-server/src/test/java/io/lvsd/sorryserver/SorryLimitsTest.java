package io.lvsd.sorryserver;

import static io.lvsd.sorryserver.Fixture.LONG;
import static io.lvsd.sorryserver.Fixture.SHORT;
import static io.lvsd.sorryserver.Fixture.limits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.PageSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that hold connections, drip, send without end, or do not read. */
@Timeout(60)
final class SorryLimitsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    private final List<Socket> clients = new ArrayList<>();
    private Content page = Fixture.page(new PageSetup(Optional.empty(), 503, "Closed", 0, "", "", Optional.empty()));

    @AfterEach
    void close() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }

    private Socket client(InetSocketAddress server, String source) throws IOException {
        Socket client = new Socket();
        clients.add(client);
        client.setSoTimeout(30_000);
        client.bind(new InetSocketAddress(source, 0));
        client.connect(server);
        return client;
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isClosed(Socket client) throws IOException {
        try {
            return client.getInputStream().read() < 0;
        } catch (SocketException _) {
            return true;
        }
    }

    private static String answer(Socket client) throws IOException {
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aConnectionOverTheLimitClosesTheLongestIdleOne() throws IOException {
        try (Fixture fixture = new Fixture(limits(4, 100_000))) {
            InetSocketAddress address = fixture.serve(page);
            List<Socket> held = new ArrayList<>();
            for (int i = 1; i <= 4; i++) {
                held.add(client(address, "127.0.0." + i));
                send(held.getLast(), "G");
            }
            send(client(address, "127.0.0.5"), "G");
            assertTrue(isClosed(held.getFirst()), "the first one has been idle for longest");
            send(held.get(1), "ET / HTTP/1.0\r\n\r\n");
            assertTrue(answer(held.get(1)).startsWith("HTTP/1.1 503 Closed"));
        }
    }

    @Test
    void anAddressHasHalfOfTheConnectionsAndIsNotLockedOut() throws IOException {
        try (Fixture fixture = new Fixture(limits(4, 100_000))) {
            InetSocketAddress address = fixture.serve(page);
            Socket other = client(address, "127.0.0.9");
            send(other, "GET / HTTP/1.0\r\n");
            for (int i = 0; i < 50; i++) {
                send(client(address, "127.0.0.1"), "G");
            }
            Socket neighbour = client(address, "127.0.0.1");
            send(neighbour, GET);
            assertTrue(answer(neighbour).startsWith("HTTP/1.1 503"), "of the address that holds the most");
            send(other, "\r\n");
            assertTrue(answer(other).startsWith("HTTP/1.1 503"), "of another address, older than all of them");
        }
    }

    @Test
    void incompleteRequestsOfAllConnectionsTogetherHaveALimit() throws IOException {
        try (Fixture fixture = new Fixture(limits(100, 10_000))) {
            InetSocketAddress address = fixture.serve(page);
            List<Socket> held = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                held.add(client(address, "127.0.0.1"));
                send(held.getLast(), "GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(500));
            }
            assertTrue(isClosed(held.get(0)) && isClosed(held.get(1)), "3 kB each: only three fit");
            send(held.get(4), "Host: x\r\nConnection: close\r\n\r\n");
            assertTrue(answer(held.get(4)).startsWith("HTTP/1.1 503"));
        }
    }

    @Test
    void drippingDoesNotExtendTheDeadlineOfARequest() throws IOException {
        SorryLimits limits = new SorryLimits(10, 10, 10_000, SHORT, LONG, LONG, LONG, LONG);
        try (Fixture fixture = new Fixture(limits)) {
            InetSocketAddress address = fixture.serve(page);
            Socket client = client(address, "127.0.0.1");
            client.setSoTimeout(20);
            assertTrue(dripsUntilClosed(client));
        }
    }

    @Test
    void drippingDoesNotExtendTheDeadlineOfABody() throws IOException {
        SorryLimits limits = new SorryLimits(10, 10, 10_000, LONG, SHORT, LONG, LONG, LONG);
        for (String length : List.of("Content-Length: 5000", "Transfer-Encoding: chunked")) {
            try (Fixture fixture = new Fixture(limits)) {
                InetSocketAddress address = fixture.serve(page);
                Socket client = client(address, "127.0.0.1");
                client.setSoTimeout(20);
                send(client, "POST / HTTP/1.1\r\nHost: x\r\n" + length + "\r\n\r\n");
                boolean closed = false;
                for (int i = 0; i < 1_000 && !closed; i++) {
                    closed = isClosedAfter(client, i == 0 ? "1000\r\n" : "x");
                }
                assertTrue(closed, length);
            }
        }
    }

    /** Whether the connection is closed, after all that the server has sent. */
    private static boolean isClosedAfter(Socket client, String text) throws IOException {
        try {
            send(client, text);
            int c = 0;
            while (c >= 0) {
                c = client.getInputStream().read();
            }
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        } catch (SocketException _) {
            return true;
        }
    }

    private static boolean dripsUntilClosed(Socket client) throws IOException {
        for (int i = 0; i < 1_000; i++) {
            try {
                send(client, i == 0 ? "GET / HTTP/1.1\r\nx: " : "x");
                if (isClosed(client)) {
                    return true;
                }
            } catch (SocketTimeoutException _) {
                // It is open: the next byte.
            } catch (SocketException _) {
                return true;
            }
        }
        return false;
    }

    @Test
    void anEndlessRequestIsEnded() throws IOException {
        try (Fixture fixture = new Fixture(limits(10, 100_000))) {
            InetSocketAddress address = fixture.serve(page);
            for (String piece : List.of("x".repeat(1_000), "a: b\r\n".repeat(100), "GET /" + "y".repeat(1_000))) {
                Socket client = client(address, "127.0.0.1");
                assertTrue(sendsUntilClosed(client, piece), piece.substring(0, 5));
            }
        }
    }

    private static boolean sendsUntilClosed(Socket client, String piece) throws IOException {
        try {
            send(client, "GET / HTTP/1.1\r\n");
            for (int i = 0; i < 100_000; i++) {
                send(client, piece);
            }
            return false;
        } catch (SocketException _) {
            return true;
        }
    }

    @Test
    void anIdleClientIsClosed() throws IOException {
        SorryLimits limits = new SorryLimits(10, 10, 10_000, LONG, LONG, SHORT, LONG, LONG);
        try (Fixture fixture = new Fixture(limits)) {
            InetSocketAddress address = fixture.serve(page);
            assertTrue(isClosed(client(address, "127.0.0.1")));
        }
    }

    @Test
    void aLargePageArrivesWhole(@TempDir Path root) throws IOException {
        byte[] body = new byte[1024 * 1024];
        Arrays.fill(body, (byte) 'x');
        Files.write(root.resolve("404.html"), body);
        page = Fixture.page(new PageSetup(Optional.of(root), 503, "Closed", 0, "", "", Optional.empty()));
        try (Fixture fixture = new Fixture(limits(10, 10_000))) {
            InetSocketAddress address = fixture.serve(page);
            Socket client = client(address, "127.0.0.1");
            send(client, GET);
            String answer = answer(client);
            assertEquals(body.length, answer.length() - answer.indexOf("\r\n\r\n") - 4);
        }
    }

    @Test
    void anIdleRelayIsClosedOnBothSides() throws IOException {
        SorryLimits limits = new SorryLimits(10, 10, 10_000, LONG, LONG, LONG, SHORT, LONG);
        try (ServerSocket web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Fixture fixture = new Fixture(limits)) {
            InetSocketAddress address =
                    fixture.serve(new Content.Relay((InetSocketAddress) web.getLocalSocketAddress()));
            Socket client = client(address, "127.0.0.1");
            try (Socket behind = web.accept()) {
                behind.setSoTimeout(30_000);
                assertTrue(isClosed(client));
                assertTrue(isClosed(behind));
            }
        }
    }

    @Test
    void drippingDoesNotExtendTheDeadlineOfARelay() throws IOException {
        SorryLimits limits = new SorryLimits(10, 10, 10_000, LONG, LONG, LONG, LONG, SHORT);
        try (ServerSocket web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Fixture fixture = new Fixture(limits)) {
            InetSocketAddress address =
                    fixture.serve(new Content.Relay((InetSocketAddress) web.getLocalSocketAddress()));
            Socket client = client(address, "127.0.0.1");
            client.setSoTimeout(20);
            assertTrue(dripsUntilClosed(client));
        }
    }

    @Test
    void relaysHaveALimitOfTheirOwn() throws IOException {
        try (ServerSocket web = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Fixture fixture = new Fixture(limits(4, 10_000))) {
            InetSocketAddress address =
                    fixture.serve(new Content.Relay((InetSocketAddress) web.getLocalSocketAddress()));
            List<Socket> held = new ArrayList<>();
            for (int i = 1; i <= 6; i++) {
                held.add(client(address, "127.0.0." + i));
                clients.add(web.accept());
            }
            assertTrue(isClosed(held.get(0)) && isClosed(held.get(1)));
            send(held.get(5), "x");
            assertEquals('x', clients.getLast().getInputStream().read());
        }
    }
}
