package io.lvsd.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.HttpConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keep-alive, pipelining, framing and limits of a connection. */
final class HttpConnectionTest {
    private static final String END = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String POST = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    private final Workers workers = new Workers("test", 2, 1);
    private final Semaphore release = new Semaphore(0);
    private final Semaphore started = new Semaphore(0);
    private final List<String> observed = new CopyOnWriteArrayList<>();
    private InetSocketAddress address;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
        }
        HttpLimits limits = new HttpLimits(
                8, Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofMinutes(1), 1_000, 1 << 20, 100_000);
        server = new HttpServer(
                HttpConfig.of(address.getAddress(), address.getPort()),
                new Router(routes()),
                limits,
                (route, status, _) -> observed.add(route + " " + status));
        server.listen(address);
    }

    private List<Route> routes() {
        return List.of(
                Route.get("/quick", _ -> text("quick")),
                Route.get("/slow", workers, _ -> text("slow")),
                Route.get("/blocked", workers, _ -> {
                    started.release();
                    release.acquireUninterruptibly();
                    return text("released");
                }),
                Route.get(
                        "/names/{name}",
                        r -> text(r.parameter("name") + "|" + r.query("q").orElse(""))),
                Route.get("/broken", workers, _ -> {
                    throw new IllegalStateException("as a test");
                }),
                new Route("POST", "/echo", false, new Route.Blocking(workers, r -> text(r.body()))));
    }

    private static Response text(String text) {
        return Response.of(200, "text/plain", text);
    }

    @AfterEach
    void stop() {
        release.release(2);
        server.close();
        workers.close();
    }

    @Test
    void aConnectionServesSeveralRequests() throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            for (String path : List.of("/quick", "/slow", "/nothing", "/quick")) {
                RawClient.Reply reply = client.send("GET " + path + END).reply();
                assertEquals(path.equals("/nothing") ? 404 : 200, reply.status());
                assertEquals("", reply.header("connection"));
            }
            client.send("GET /quick HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertEquals("close", client.reply().header("connection"));
            assertTrue(client.isEnded());
        }
    }

    /** The template, not the path that the client chose. */
    @Test
    void theObserverSeesTheRouteAndTheStatus() throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            client.send("GET /names/x" + END + "GET /nothing" + END + "GET /broken" + END);
            for (int i = 0; i < 3; i++) {
                assertFalse(client.reply().body().isEmpty());
            }
        }
        assertEquals(List.of("/names/{name} 200", "other 404", "/broken 500"), observed);
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            client.send("GET /slow" + END + "GET /quick" + END + "HEAD /quick" + END + POST
                    + "Content-Length: 3\r\n\r\nabc" + "GET /nothing" + END + "GET /names/x" + END);
            assertEquals("slow", client.reply().body());
            assertEquals("quick", client.reply().body());
            assertEquals("5", client.replyWithoutBody().header("content-length"));
            assertEquals("abc", client.reply().body());
            assertEquals(404, client.reply().status());
            assertEquals("x|", client.reply().body());
        }
    }

    @Test
    void thousandsOfPipelinedRequestsAreAnswered() throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            int count = 5_000;
            var _ = Thread.ofVirtual().start(() -> {
                try {
                    client.send(("GET /quick" + END).repeat(count));
                } catch (IOException _) {
                    // The replies are missing then.
                }
            });
            for (int i = 0; i < count; i++) {
                assertEquals("quick", client.reply().body());
            }
        }
    }

    @Test
    void http10ClosesUnlessItRequestsKeepAlive() throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            assertEquals(
                    "keep-alive",
                    client.send("GET /quick HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                            .reply()
                            .header("connection"));
            assertEquals(
                    "close", client.send("GET /quick HTTP/1.0\r\n\r\n").reply().header("connection"));
            assertTrue(client.isEnded());
        }
    }

    @Test
    void aBodyMayBeChunkedOrAnnounced() throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n");
            assertEquals("abc", client.reply().body());
            client.send(POST + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertEquals(100, client.reply().status());
            assertEquals("hi", client.send("hi").reply().body());
        }
    }

    @Test
    void aRefusedRequestWithASmallBodyLeavesTheConnectionUsable() throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            client.send("POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabcGET /quick" + END);
            assertEquals(404, client.reply().status());
            assertEquals("quick", client.reply().body());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // announced twice, so that the end of the request is not certain
                POST + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                POST + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
                POST + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                POST + "Content-Length: 3, 4\r\n\r\nabcd",
                POST + "Content-Length: +3\r\n\r\nabc",
                POST + "Content-Length: -3\r\n\r\nabc",
                POST + "Content-Length: 0x3\r\n\r\nabc",
                POST + "Content-Length : 3\r\n\r\nabc",
                POST + "Transfer-Encoding: gzip, chunked, identity\r\n\r\n0\r\n\r\n",
                POST + "Transfer-Encoding: identity\r\n\r\n",
                POST + "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
                "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                // lines that end otherwise
                "GET /quick HTTP/1.1\nHost: localhost\n\n",
                "GET /quick HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n",
                "GET /quick HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n",
                // header fields that continue
                "GET /quick HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
                "GET /quick HTTP/1.1\r\nHost:\r\n localhost\r\n\r\n",
                "GET /quick HTTP/1.1\r\n X: y\r\nHost: localhost\r\n\r\n",
                POST + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
                POST + "Content-Length: 1\r\n\t2\r\n\r\na",
                // header injection
                "GET /quick HTTP/1.1\r\nHost: localhost\r\nX\u0000: y\r\n\r\n",
                "GET /quick HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
                "GET /names/a%0d%0aX:%20y HTTP/1.1\r\nHost: localhost\r\n\r\n",
                // targets
                "GET quick HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET ftp://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /quick# HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /%4 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /%ff HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /quick?a=1&a=2 HTTP/1.1\r\nHost: localhost\r\n\r\n",
            })
    void anAmbiguousOrMalformedRequestIsRejected(String request) throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            RawClient.Reply reply = client.send(request).reply();
            assertEquals(400, reply.status(), reply::toString);
            assertEquals("application/problem+json; charset=utf-8", reply.header("content-type"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                POST + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /quick HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
                POST + "Transfer-Encoding: chunked\r\n\r\n0;\n\r\n",
                POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            })
    void nothingAfterAnAmbiguousRequestIsCarriedOut(String request) throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            client.send(request + "GET /quick" + END);
            assertEquals(400, client.reply().status());
            assertTrue(client.isEnded());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/names/a%2Fb, a/b|",
        "/names/a%20b?q=c+d%26, a b|c d&",
        "/names/%252e%252e, %2e%2e|",
        "/names/[2001:db8::1]:80%2Ftcp, [2001:db8::1]:80/tcp|",
        "/names/%C3%A4, ä|",
        "http://localhost/names/x, x|",
    })
    void aPathIsDecodedOnceAfterItWasDivided(String target, String expected) throws IOException {
        assertEquals(
                expected, RawClient.exchange(address, "GET " + target + END).body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/names/", "/quick/", "/names/x/", "/nothing/"})
    void aPathThatEndsWithASlashIsNotFound(String path) throws IOException {
        assertEquals(404, RawClient.exchange(address, "GET " + path + END).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/names/../quick",
                "/names/%2e%2e",
                "/names/%2E%2e/%2e%2e/etc/passwd",
                "/../../etc/passwd",
                "/names//x",
                "/names/.",
                "//names/x",
                "/names/x%00",
            })
    void aPathThatLeavesItsDirectoryIsMalformed(String path) throws IOException {
        assertEquals(400, RawClient.exchange(address, "GET " + path + END).status());
    }

    @Test
    void aLargeHeadOrBodyIsRejected() throws IOException {
        assertEquals(
                414,
                RawClient.exchange(address, "GET /" + "x".repeat(9_000) + END).status());
        assertEquals(
                431,
                RawClient.exchange(address, "GET /quick HTTP/1.1\r\nX: " + "x".repeat(9_000) + "\r\n\r\n")
                        .status());
        assertEquals(
                413,
                RawClient.exchange(address, POST + "Content-Length: 1001\r\n\r\n" + "x".repeat(1_001))
                        .status());
        assertEquals(
                413,
                RawClient.exchange(
                                address,
                                POST + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + "x".repeat(1_001)
                                        + "\r\n0\r\n\r\n")
                        .status());
    }

    @Test
    void anUnknownVersionOrExpectationIsRejected() throws IOException {
        assertEquals(
                505,
                RawClient.exchange(address, "GET /quick HTTP/2.0\r\nHost: localhost\r\n\r\n")
                        .status());
        assertEquals(
                417, RawClient.exchange(address, POST + "Expect: x\r\n\r\n").status());
    }

    @Test
    void aMethodThatAResourceLacksIsRejectedWithThoseThatItHas() throws IOException {
        RawClient.Reply reply = RawClient.exchange(address, "DELETE /quick" + END);
        assertEquals(405, reply.status());
        assertEquals("GET, HEAD", reply.header("allow"));
    }

    @Test
    void anExceptionIsAnInternalErrorWithoutDetails() throws IOException {
        RawClient.Reply reply = RawClient.exchange(address, "GET /broken" + END);
        assertEquals(500, reply.status());
        assertFalse(reply.body().contains("as a test"), reply::body);
    }

    /** Two threads and one waiting request. */
    @Test
    void blockedWorkDelaysNoOtherConnectionAndIsLimited() throws Exception {
        try (RawClient one = RawClient.connect(address);
                RawClient two = RawClient.connect(address);
                RawClient three = RawClient.connect(address);
                RawClient four = RawClient.connect(address)) {
            one.send("GET /blocked" + END);
            two.send("GET /blocked" + END);
            started.acquire(2);
            three.send("GET /slow" + END);
            while (workers.waiting() == 0) {
                Thread.onSpinWait();
            }
            RawClient.Reply busy = four.send("GET /slow" + END).reply();
            assertEquals(503, busy.status());
            assertEquals("1", busy.header("retry-after"));
            assertEquals("quick", four.send("GET /quick" + END).reply().body());
            release.release(2);
            assertEquals("released", one.reply().body());
            assertEquals("slow", three.reply().body());
        }
    }
}
