package io.lvsd.sorryserver;

import static io.lvsd.sorryserver.Fixture.connect;
import static io.lvsd.sorryserver.Fixture.exchange;
import static io.lvsd.sorryserver.Fixture.page;
import static io.lvsd.sorryserver.Fixture.response;
import static io.lvsd.sorryserver.Fixture.rest;
import static io.lvsd.sorryserver.Fixture.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.sorryserver.setup.Bypass;
import io.lvsd.sorryserver.setup.ClientNetwork;
import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.ListenerSetup;
import io.lvsd.sorryserver.setup.PageSetup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1 as clients see it. */
@Timeout(60)
final class SorryServerTest {
    private static final String FIRST = "HTTP/1.1 502 Service temporarily down\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String LAST = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    private final Fixture fixture = new Fixture();
    private final InetSocketAddress address = fixture.serve(page(PageSetup.DEFAULT));

    @AfterEach
    void close() {
        fixture.close();
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/index.html",
                "/404.html",
                "/a/b?c",
                "/%2e%2e/etc/passwd",
                "/%zz",
                "//",
                "*",
                "http://o/x",
                "\u00e9"
            })
    void everyUrlGetsThePageWithItsErrorStatus(String target) throws IOException {
        String answer = exchange(address, "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith(FIRST), answer);
        assertTrue(
                answer.contains("\r\nCache-Control: no-store\r\n")
                        && answer.contains("\r\nRetry-After: 30\r\n")
                        && answer.contains("\r\nConnection: close\r\n"),
                answer);
        assertTrue(answer.endsWith("</html>\n") && answer.contains("temporarily unavailable"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "BREW", "get"})
    void everyMethodGetsThePage(String method) throws IOException {
        String answer = exchange(address, method + " / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith(FIRST) && answer.endsWith("</html>\n"), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0", "HTTP/1.1", "HTTP/1.9", "HTTP/2.0", "HTTP/3.0", "HTTP/0.9"})
    void everyVersionGetsThePage(String version) throws IOException {
        String answer = exchange(address, "GET / " + version + "\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith(FIRST) && answer.endsWith("</html>\n"), answer);
    }

    @Test
    void headHasTheHeaderOfGetAndNoBody() throws IOException {
        String get = exchange(address, LAST);
        String head = exchange(address, LAST.replace("GET", "HEAD"));
        assertTrue(head.endsWith("\r\n\r\n"));
        assertEquals(
                get.substring(0, get.indexOf("\r\n\r\n") + 4).lines().count(),
                head.lines().count());
        assertTrue(head.contains("Content-Length: "));
    }

    // ---- connections

    @Test
    void aConnectionStaysOpen() throws IOException {
        try (Socket client = connect(address)) {
            for (int i = 0; i < 100; i++) {
                send(client, GET);
                assertTrue(response(client).startsWith(FIRST));
            }
        }
        assertEquals(100, fixture.counters().pages());
        assertEquals(1, fixture.counters().connections());
    }

    @Test
    void requestsThatArriveTogetherAreAnsweredInOrder() throws IOException {
        String requests = GET.replace("GET", "HEAD") + GET.repeat(49) + LAST + GET;
        String answers = exchange(address, requests);
        assertEquals(51, count(answers, FIRST), "none after the last one");
        assertEquals(50, count(answers, "</html>"));
    }

    /** Two hundred thousand responses do not fit into the buffers of sockets: the server waits for the client. */
    @Test
    void aClientThatReadsLateGetsAllResponses() throws IOException, InterruptedException {
        int requests = 200_000;
        try (Socket client = connect(address)) {
            Thread sender = Thread.ofPlatform().start(() -> {
                try {
                    send(client, GET.repeat(requests - 1) + LAST);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            Thread.sleep(500);
            assertEquals(requests, count(rest(client), FIRST));
            sender.join();
        }
    }

    @Test
    void http10ClosesUnlessTheClientWantsMore() throws IOException {
        assertEquals(1, count(exchange(address, "GET / HTTP/1.0\r\n\r\n" + GET), FIRST));
        try (Socket client = connect(address)) {
            send(client, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertTrue(response(client).contains("\r\nConnection: keep-alive\r\n"));
            send(client, "GET / HTTP/1.0\r\n\r\n");
            assertTrue(rest(client).contains("\r\nConnection: close\r\n"));
        }
    }

    @Test
    void aRequestMayArriveInAnyPieces() throws IOException {
        String request = "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello" + LAST;
        for (int cut = 1; cut < request.length(); cut += 3) {
            try (Socket client = connect(address)) {
                client.setTcpNoDelay(true);
                send(client, request.substring(0, cut));
                Thread.onSpinWait();
                send(client, request.substring(cut));
                assertEquals(2, count(rest(client), FIRST), "divided at " + cut);
            }
        }
    }

    @Test
    void aClientThatEndsItsOutputGetsItsResponses() throws IOException {
        try (Socket client = connect(address)) {
            send(client, GET + GET + "GET / incomplete");
            client.shutdownOutput();
            assertEquals(2, count(rest(client), FIRST));
        }
    }

    /** A long response with Connection: close is the last one, although another request is there already. */
    @Test
    void nothingIsAnsweredAfterALongLastResponse(@TempDir Path root) throws IOException {
        Files.write(root.resolve("404.html"), new byte[100_000]);
        InetSocketAddress listener =
                fixture.serve(page(new PageSetup(Optional.of(root), 502, "Down", 30, "", "", Optional.empty())));
        assertEquals(1, count(exchange(listener, LAST + GET), "HTTP/1.1 502 Down\r\n"));
        assertEquals(1, fixture.counters().pages());
    }

    // ---- bodies

    @Test
    void bodiesAreDiscarded() throws IOException {
        String answers = exchange(
                address,
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
                        + "GET / HTTP/1.1\r\n".repeat(6_250)
                        + "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
                        + LAST);
        assertEquals(3, count(answers, FIRST));
    }

    @Test
    void aLongUploadGetsTheResponseAndTheEndOfTheConnection() throws IOException {
        try (Socket client = connect(address)) {
            send(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n" + "x".repeat(1_000_000));
            String answer = rest(client);
            assertTrue(answer.startsWith(FIRST) && answer.contains("\r\nConnection: close\r\n"));
        }
    }

    /** The client has not sent the body yet, and need not. */
    @Test
    void anExpectationIsAnsweredWithTheResponse() throws IOException {
        try (Socket client = connect(address)) {
            send(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            String answer = rest(client);
            assertTrue(answer.startsWith(FIRST) && answer.contains("\r\nConnection: close\r\n"), answer);
        }
    }

    // ---- kinds of requests

    @Test
    void aClientThatPrefersJsonGetsJson() throws IOException {
        String answer = exchange(address, LAST.replace("Host", "Accept: application/json\r\nHost"));
        assertTrue(answer.startsWith(FIRST) && answer.contains("\r\nContent-Type: application/json\r\n"), answer);
        assertTrue(answer.endsWith("\"retry_after\":30}\n"));
        assertTrue(exchange(address, LAST.replace("Host", "Accept: image/png\r\nHost"))
                .contains("\r\nContent-Type: text/plain; charset=utf-8\r\n"));
    }

    @Test
    void grpcWebGetsUnavailable() throws IOException {
        String answer = exchange(
                address,
                "POST /a.B/C HTTP/1.1\r\nHost: x\r\nContent-Type: application/grpc-web+proto\r\n"
                        + "Connection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n") && answer.contains("\r\nGrpc-Status: 14\r\n"), answer);
    }

    @Test
    void aWebSocketIsRefusedWithThePage() throws IOException {
        try (Socket client = connect(address)) {
            send(
                    client,
                    "GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
            String answer = response(client);
            assertTrue(answer.startsWith(FIRST) && !answer.contains("Upgrade"), answer);
            send(client, LAST);
            assertTrue(rest(client).startsWith(FIRST));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "nonsense\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: a\r\n\r\nabc"
            })
    void whatIsNotHttpGetsBadRequestAndTheEndOfTheConnection(String request) throws IOException {
        String answer = exchange(address, request);
        assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
        assertTrue(answer.contains("\r\nConnection: close\r\n"));
        assertEquals(1, fixture.counters().failed());
    }

    @Test
    void tlsWithoutACertificateIsClosed() throws IOException {
        assertEquals("", exchange(address, "\u0016\u0003\u0001\u0000\u0005hello"));
        assertEquals(1, fixture.counters().failed());
    }

    // ---- pages

    @Test
    void theHostSelectsOneOfTheConfiguredPages() throws IOException {
        PageSetup shop = new PageSetup(Optional.empty(), 503, "Closed", 0, "Shop", "", Optional.empty());
        InetSocketAddress listener = fixture.serve(
                new Content.Page(PageSetup.DEFAULT, Map.of("shop.example", shop), List.of(), Bypass.NONE));
        for (String host : List.of("shop.example", "SHOP.example:8080", "shop.example.")) {
            assertTrue(
                    exchange(listener, LAST.replace("Host: x", "Host: " + host)).startsWith("HTTP/1.1 503 Closed\r\n"));
        }
        assertTrue(exchange(listener, LAST.replace("GET /", "GET http://shop.example/x"))
                .startsWith("HTTP/1.1 503 Closed\r\n"));
        for (String host : List.of("other.example", "", "x.shop.example", "[::1]:80")) {
            String answer = exchange(listener, LAST.replace("Host: x", "Host: " + host));
            assertTrue(answer.startsWith(FIRST), host);
            assertFalse(host.length() > 1 && answer.contains(host), "nothing of the request is in the response");
        }
    }

    @Test
    void aChangedSetupIsServedOnOpenConnections() throws IOException {
        try (Socket client = connect(address)) {
            send(client, GET);
            assertTrue(response(client).startsWith(FIRST));
            fixture.serve(page(new PageSetup(Optional.empty(), 503, "Closed", 0, "", "", Optional.empty())));
            send(client, GET);
            String answer = response(client);
            assertTrue(answer.startsWith("HTTP/1.1 503 Closed\r\n") && !answer.contains("Retry-After"), answer);
        }
    }

    @Test
    void filesAreServedAndReadAgain(@TempDir Path root) throws Exception {
        byte[] image = new byte[5 * 1024 * 1024];
        Arrays.fill(image, (byte) 'i');
        Files.writeString(root.resolve("404.html"), "first page");
        Files.write(root.resolve("a.png"), image);
        InetSocketAddress listener =
                fixture.serve(page(new PageSetup(Optional.of(root), 502, "Down", 30, "", "", Optional.empty())));
        try (Socket client = connect(listener)) {
            send(client, "GET /a.png?v=1 HTTP/1.1\r\nHost: x\r\n\r\n" + GET);
            String answer = response(client);
            assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\nDate: "), answer.substring(0, 100));
            assertTrue(answer.endsWith("i".repeat(image.length)));
            assertTrue(response(client).endsWith("\r\n\r\nfirst page"));
            send(client, "GET /%61.png HTTP/1.1\r\nHost: x\r\nRange: bytes=1-3\r\n\r\n");
            assertTrue(response(client).endsWith("\r\n\r\niii"));
            send(client, "POST /a.png HTTP/1.1\r\nHost: x\r\n\r\n");
            assertTrue(response(client).startsWith("HTTP/1.1 502 Down\r\n"));
            Files.writeString(root.resolve("404.html"), "second page");
            String changed = "";
            for (int i = 0; i < 200 && !changed.endsWith("second page"); i++) {
                Thread.sleep(50);
                send(client, GET);
                changed = response(client);
            }
            assertTrue(changed.endsWith("\r\n\r\nsecond page"));
            Files.delete(root.resolve("404.html"));
            Thread.sleep(1_500);
            send(client, GET);
            assertTrue(response(client).endsWith("\r\n\r\nsecond page"), "the former page is kept");
        }
        assertEquals(2, fixture.counters().assets());
    }

    @Test
    void aMissingDirectoryIsReplacedByTheBuiltInPage(@TempDir Path directory) throws IOException {
        InetSocketAddress listener = fixture.serve(
                page(new PageSetup(Optional.of(directory.resolve("none")), 502, "Down", 30, "", "", Optional.empty())));
        assertTrue(exchange(listener, LAST).contains("temporarily unavailable"));
    }

    // ---- listeners

    @Test
    void connectionsEndWhenClientsAreDirectedElsewhere() throws IOException {
        try (Socket waiting = connect(address);
                Socket sending = connect(address)) {
            send(waiting, GET);
            response(waiting);
            send(sending, "GET / HTTP/1.1\r\nHo");
            waitUntilOpen(2);
            fixture.server.use(Set.of());
            assertEquals("", rest(waiting));
            send(sending, "st: x\r\n\r\n");
            assertTrue(rest(sending).contains("\r\nConnection: close\r\n"), "answered, then closed");
            fixture.server.use(Set.of(Fixture.ANY_PORT));
            try (Socket client = connect(address)) {
                send(client, GET);
                assertFalse(response(client).contains("Connection: close"));
            }
        }
    }

    private void waitUntilOpen(long connections) {
        while (fixture.counters().open() != connections) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aListenerThatIsNotWantedIsClosed() throws IOException {
        try (Socket client = connect(address)) {
            send(client, GET);
            response(client);
            assertEquals(Map.of(), fixture.server.apply(List.of()));
            assertEquals("", rest(client));
        }
        try (ServerSocket free = new ServerSocket(address.getPort(), 5, address.getAddress())) {
            assertEquals(address.getPort(), free.getLocalPort());
        }
    }

    @Test
    void anAddressInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            InetSocketAddress same = (InetSocketAddress) taken.getLocalSocketAddress();
            var results = fixture.server.apply(List.of(
                    new ListenerSetup(Fixture.ANY_PORT, "web", page(PageSetup.DEFAULT)),
                    new ListenerSetup(same, "other", page(PageSetup.DEFAULT))));
            assertEquals("", results.get(Fixture.ANY_PORT));
            assertEquals("cannot listen on " + same + ": Address already in use", results.get(same));
        }
        assertTrue(exchange(address, LAST).startsWith(FIRST), "the other listener is still open");
    }

    /** SO_REUSEPORT alone would let a second server of the same user take half of the connections. */
    @Test
    void twoServersDoNotShareAnAddress() {
        try (Fixture second = new Fixture()) {
            var results = second.server.apply(List.of(new ListenerSetup(address, "web", page(PageSetup.DEFAULT))));
            assertEquals("cannot listen on " + address + ": Address already in use", results.get(address));
        }
    }

    @Test
    void anAddressThatThisHostDoesNotHaveYetCanBeUsed() {
        InetSocketAddress foreign = new InetSocketAddress("192.0.2.77", 18_080);
        assertEquals(
                Map.of(foreign, ""),
                fixture.server.apply(List.of(new ListenerSetup(foreign, "web", page(PageSetup.DEFAULT)))));
    }

    @Test
    void manyThreadsServeOneAddress() throws IOException {
        try (SorryServer server = new SorryServer(4, Fixture.limits(100, 10_000))) {
            server.apply(List.of(new ListenerSetup(Fixture.ANY_PORT, "web", page(PageSetup.DEFAULT))));
            InetSocketAddress shared = server.address(Fixture.ANY_PORT).orElseThrow();
            for (int i = 0; i < 40; i++) {
                assertTrue(exchange(shared, LAST).startsWith(FIRST));
            }
            assertEquals(40, server.counters().getFirst().pages());
        }
    }

    // ---- what is not HTTP

    @Test
    void aBannerIsSentAtOnceAndTheConnectionEnds() throws IOException {
        InetSocketAddress listener = fixture.serve(new Content.Banner("421 mail.example is temporarily down"));
        try (Socket client = connect(listener)) {
            assertEquals("421 mail.example is temporarily down\r\n", rest(client));
            send(client, "QUIT\r\n");
        }
        assertEquals(1, fixture.counters().others());
    }

    @Test
    void aConnectionIsReset() throws IOException {
        InetSocketAddress listener = fixture.serve(new Content.Reset());
        try (Socket client = connect(listener)) {
            IOException e = assertThrows(IOException.class, () -> rest(client));
            assertEquals("Connection reset", e.getMessage());
        }
    }

    @Test
    void aRelayPassesBytesOnBothWays() throws IOException {
        try (ServerSocket web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            InetSocketAddress listener =
                    fixture.serve(new Content.Relay((InetSocketAddress) web.getLocalSocketAddress()));
            try (Socket client = connect(listener);
                    Socket behind = web.accept()) {
                send(client, "question");
                client.shutdownOutput();
                assertEquals("question", rest(behind));
                send(behind, "answer");
                behind.shutdownOutput();
                assertEquals("answer", rest(client));
            }
        }
        assertEquals(1, fixture.counters().relayed());
    }

    @Test
    void clientsOfAnAllowedNetworkReachTheRealServers() throws IOException {
        try (ServerSocket web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            InetSocketAddress dead = new InetSocketAddress("127.0.0.99", web.getLocalPort());
            Bypass bypass = new Bypass(
                    List.of(new ClientNetwork(InetAddress.getByName("127.0.0.8"), 29)),
                    List.of(dead, (InetSocketAddress) web.getLocalSocketAddress()));
            InetSocketAddress listener =
                    fixture.serve(new Content.Page(PageSetup.DEFAULT, Map.of(), List.of(), bypass));
            assertTrue(exchange(listener, LAST).startsWith(FIRST), "127.0.0.1 is outside of the network");
            for (int i = 0; i < 4; i++) {
                try (Socket client =
                        new Socket(listener.getAddress(), listener.getPort(), InetAddress.getByName("127.0.0.15"), 0)) {
                    client.setSoTimeout(20_000);
                    try (Socket behind = web.accept()) {
                        send(client, "x");
                        assertEquals('x', behind.getInputStream().read());
                    }
                }
            }
        }
    }

    @Test
    void aDnsQueryGetsServfail() throws IOException {
        fixture.server.apply(List.of(new ListenerSetup(Fixture.ANY_PORT, "dns", new Content.DnsFailure())));
        InetSocketAddress listener = fixture.server.address(Fixture.ANY_PORT).orElseThrow();
        byte[] query = {
            0x12, 0x34, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 1, 1, 'a', 2, 'd', 'e', 0, 0, 1, 0, 1, 0, 0, 41, 16, 0, 0, 0,
            0, 0, 0, 0
        };
        try (DatagramSocket client = new DatagramSocket()) {
            client.setSoTimeout(20_000);
            var packet = new DatagramPacket(new byte[600], 600);
            client.send(new DatagramPacket(query, query.length, listener));
            client.receive(packet);
            byte[] expected = {0x12, 0x34, (byte) 0x81, 0x02, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 2, 'd', 'e', 0, 0, 1, 0, 1
            };
            assertEquals(
                    Arrays.toString(expected), Arrays.toString(Arrays.copyOf(packet.getData(), packet.getLength())));
            client.setSoTimeout(300);
            byte[] response = query.clone();
            response[2] |= (byte) 0x80;
            byte[] compressed = query.clone();
            compressed[12] = (byte) 0xc0;
            for (byte[] bad : List.of(response, compressed, new byte[0], Arrays.copyOf(query, 17), new byte[12])) {
                client.send(new DatagramPacket(bad, bad.length, listener));
            }
            assertThrows(SocketTimeoutException.class, () -> client.receive(packet));
        }
    }
}
