package io.lvsd.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.HttpConfig;
import io.lvsd.core.http.RawClient.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Host header, tokens, cross-site requests and rates of a server. */
final class AccessTest {
    private static final String READER = "reader-token-0123456789";
    private static final String WRITER = "writer-token-0123456789";

    @TempDir
    private Path directory;

    private Path tokens;
    private final Workers workers = new Workers("test", 2, 8);
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();
    private InetSocketAddress loopback;

    @BeforeEach
    void prepare() throws Exception {
        tokens = directory.resolve("tokens");
        Files.createFile(tokens, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(tokens, "# clients\nreader " + READER + "\n\nwriter " + WRITER + " write\n");
        loopback = free(InetAddress.getLoopbackAddress());
    }

    private static InetSocketAddress free(InetAddress address) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            return new InetSocketAddress(address, socket.getLocalPort());
        }
    }

    @AfterEach
    void close() {
        servers.forEach(HttpServer::close);
        workers.close();
    }

    private HttpServer start(Optional<Path> tokenFile, int requestsPerSecond) throws IOException {
        HttpConfig config = new HttpConfig(List.of(loopback), List.of("director.example"), tokenFile, Optional.empty());
        HttpServer server =
                new HttpServer(config, new Router(routes()), limits(requestsPerSecond), RequestObserver.NONE);
        servers.add(server);
        server.listen(loopback);
        return server;
    }

    private static HttpLimits limits(int requestsPerSecond) {
        return new HttpLimits(
                16,
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                Duration.ofMinutes(1),
                1_000,
                1 << 20,
                requestsPerSecond);
    }

    private List<Route> routes() {
        return List.of(
                Route.get("/read", r -> text(r.client().user().orElse("anonymous"))),
                Route.post("/write", workers, r -> {
                    synchronized (changes) {
                        changes.add(r.client().user().orElse("anonymous"));
                    }
                    return text("written");
                }));
    }

    private static Response text(String text) {
        return Response.of(200, "text/plain", text);
    }

    private Reply get(String headers) throws IOException {
        return RawClient.exchange(loopback, "GET /read HTTP/1.1\r\n" + headers + "\r\n");
    }

    private Reply post(String headers) throws IOException {
        return RawClient.exchange(loopback, "POST /write HTTP/1.1\r\n" + headers + "Content-Length: 2\r\n\r\n{}");
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token + "\r\n";
    }

    // ---- the Host header

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:80",
                "127.0.0.1",
                "127.0.0.1:9180",
                "director.example",
                "Director.Example:443",
            })
    void namesOfTheEndpointAreAccepted(String host) throws IOException {
        start(Optional.empty(), 100_000);
        assertEquals(200, get("Host: " + host + "\r\n").status());
    }

    /** The name of a web page whose DNS entry was changed to this address after it was loaded. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9180",
                "localhost.evil.example",
                "director.example.evil.example",
                "localhost.",
                "localhost@evil.example",
                "127.0.0.1.evil.example",
                "192.0.2.1",
                "127.0.0.2",
                "0x7f000001",
                "2130706433",
                "[::1]",
                "[::ffff:127.0.0.2]",
                "",
                "localhost:x",
                "localhost:",
                "localhost evil.example",
            })
    void otherNamesAreRejected(String host) throws IOException {
        start(Optional.empty(), 100_000);
        Reply reply = get("Host: " + host + "\r\n");
        assertEquals(421, reply.status());
        assertFalse(reply.body().contains("anonymous"), reply::body);
    }

    @Test
    void aTargetWithAnotherHostThanTheHeaderIsRejected() throws IOException {
        start(Optional.empty(), 100_000);
        assertEquals(
                400,
                RawClient.exchange(loopback, "GET http://evil.example/read HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .status());
        assertEquals(
                421,
                RawClient.exchange(loopback, "GET http://evil.example/read HTTP/1.0\r\n\r\n")
                        .status());
    }

    // ---- tokens

    @Test
    void readingOnLoopbackNeedsNoToken() throws IOException {
        start(Optional.of(tokens), 100_000);
        assertEquals("anonymous", get("Host: localhost\r\n").body());
        assertEquals("reader", get("Host: localhost\r\n" + bearer(READER)).body());
        String basic = Base64.getEncoder().encodeToString(("x:" + READER).getBytes(StandardCharsets.UTF_8));
        assertEquals(
                "reader",
                get("Host: localhost\r\nAuthorization: Basic " + basic + "\r\n").body());
    }

    @Test
    void changesNeedATokenWithThatRight() throws IOException {
        start(Optional.of(tokens), 100_000);
        String json = "Host: localhost\r\nContent-Type: application/json; charset=utf-8\r\n";
        Reply without = post(json);
        assertEquals(401, without.status());
        assertEquals("Bearer realm=\"lvsd\"", without.header("www-authenticate"));
        assertEquals(403, post(json + bearer(READER)).status());
        assertEquals(401, post(json + bearer(WRITER + "x")).status());
        String basic = Base64.getEncoder().encodeToString(("x:" + WRITER).getBytes(StandardCharsets.UTF_8));
        assertEquals(401, post(json + "Authorization: Basic " + basic + "\r\n").status());
        assertEquals(List.of(), changes);
        assertEquals(200, post(json + bearer(WRITER)).status());
        assertEquals(List.of("writer"), changes);
    }

    @Test
    void withoutATokenFileNothingCanBeChanged() throws IOException {
        start(Optional.empty(), 100_000);
        Reply reply = post("Host: localhost\r\nContent-Type: application/json\r\n");
        assertEquals(403, reply.status());
        assertTrue(reply.body().contains("token_file"), reply::body);
    }

    @Test
    void aChangedTokenFileIsReadAgain() throws IOException {
        HttpServer server = start(Optional.of(tokens), 100_000);
        Files.writeString(tokens, "other other-token-0123456789\n");
        server.configure(new HttpConfig(List.of(loopback), List.of(), Optional.of(tokens), Optional.empty()));
        assertEquals(401, get("Host: localhost\r\n" + bearer(READER)).status());
        assertEquals(
                "other",
                get("Host: localhost\r\n" + bearer("other-token-0123456789")).body());
    }

    /** So that a token can always be revoked. */
    @Test
    void anUnusableTokenFileAcceptsNoToken() throws IOException {
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-r-----"));
        start(Optional.of(tokens), 100_000);
        assertEquals(401, get("Host: localhost\r\n" + bearer(READER)).status());
        assertEquals("anonymous", get("Host: localhost\r\n").body());
    }

    /** Five wrong tokens; after that even a right one that is new is rejected, so that guessing gives no answer. */
    @Test
    void guessingIsLimitedForEachAddress() throws IOException {
        start(Optional.of(tokens), 100_000);
        for (int i = 0; i < 5; i++) {
            assertEquals(
                    401,
                    get("Host: localhost\r\n" + bearer("guess-number-000000" + i))
                            .status());
        }
        Reply limited = get("Host: localhost\r\n" + bearer(READER));
        assertEquals(429, limited.status());
        assertNotEquals("", limited.header("retry-after"));
        assertEquals("anonymous", get("Host: localhost\r\n").body());
    }

    // ---- requests from pages of other sites

    @ParameterizedTest
    @CsvSource({
        "Origin: https://evil.example, 403",
        "Origin: null, 403",
        "'Origin: http://localhost\r\nOrigin: https://evil.example', 400",
        "'Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site', 400",
        "'Authorization: Basic x', 400",
        "Origin: http://localhost:1, 403",
        "Origin: http://localhost.evil.example, 403",
        "Sec-Fetch-Site: cross-site, 403",
        "Sec-Fetch-Site: same-site, 403",
        "Sec-Fetch-Site: none, 403",
        "Origin: http://localhost, 200",
        "Origin: https://localhost, 200",
        "Sec-Fetch-Site: same-origin, 200",
    })
    void changesComeFromTheSameOrigin(String header, int status) throws IOException {
        start(Optional.of(tokens), 100_000);
        Reply reply = post("Host: localhost\r\nContent-Type: application/json\r\n" + header + "\r\n" + bearer(WRITER));
        assertEquals(status, reply.status());
        assertEquals(status == 200 ? 1 : 0, changes.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Content-Type: text/plain\r\n",
                "Content-Type: application/x-www-form-urlencoded\r\n",
                "Content-Type: multipart/form-data; boundary=application/json\r\n",
                "Content-Type: text/plain; application/json\r\n",
            })
    void aFormOfAnotherSiteHasTheWrongType(String type) throws IOException {
        start(Optional.of(tokens), 100_000);
        assertEquals(415, post("Host: localhost\r\n" + type + bearer(WRITER)).status());
        assertEquals(List.of(), changes);
    }

    @Test
    void noOtherOriginMayReadAndNothingIsCachedOrFramed() throws IOException {
        start(Optional.of(tokens), 100_000);
        Reply reply = get("Host: localhost\r\nOrigin: https://evil.example\r\n");
        assertTrue(reply.headers().keySet().stream().noneMatch(h -> h.startsWith("access-control")));
        assertEquals("no-store", reply.header("cache-control"));
        assertEquals("nosniff", reply.header("x-content-type-options"));
        assertEquals("no-referrer", reply.header("referrer-policy"));
        assertEquals("same-origin", reply.header("cross-origin-resource-policy"));
        assertTrue(reply.header("content-security-policy").startsWith("default-src 'none';"));
        assertFalse(reply.header("content-security-policy").contains("unsafe"));
        Reply preflight = RawClient.exchange(
                loopback,
                "OPTIONS /write HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"
                        + "Access-Control-Request-Method: POST\r\n\r\n");
        assertEquals(405, preflight.status());
        assertTrue(preflight.headers().keySet().stream().noneMatch(h -> h.startsWith("access-control")));
    }

    @Test
    void requestsOfAnAddressAreLimited() throws IOException {
        start(Optional.empty(), 1);
        int limited = 0;
        for (int i = 0; i < 20; i++) {
            limited += get("Host: localhost\r\n").status() == 429 ? 1 : 0;
        }
        assertTrue(limited > 0 && limited <= 17, "limited: " + limited);
    }
}
