package io.lvsd.sorryserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SorryServerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private final AtomicReference<SorryPage> page =
            new AtomicReference<>(SorryPage.builtIn(502, "Service temporarily down", 30));
    private final SorryServer server = new SorryServer(1, page::get, SorryLimits.of(100, 100, 100_000));

    @AfterEach
    void close() {
        server.close();
    }

    private static String exchange(InetSocketAddress address, String request) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/index.html", "/404.html", "/a/b?c", "/%2e%2e/etc/passwd", "//", "*", "http://other/x"})
    void everyUrlGetsThePageWithItsErrorStatus(String target) throws IOException {
        try (var listener = server.listen(ANY_PORT, Optional::empty)) {
            String answer = exchange(listener.address(), "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 502 Service temporarily down\r\n"), answer);
            String lower = answer.toLowerCase(Locale.ROOT);
            assertTrue(
                    lower.contains("cache-control: no-store")
                            && lower.contains("retry-after: 30")
                            && lower.contains("connection: close"),
                    answer);
            assertTrue(answer.contains("temporarily unavailable"));
        }
    }

    @Test
    void headHasNoBodyAndPostIsAnsweredToo() throws IOException {
        try (var listener = server.listen(ANY_PORT, Optional::empty)) {
            assertTrue(exchange(listener.address(), "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
                    .endsWith("\r\n\r\n"));
            assertTrue(exchange(listener.address(), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
                    .startsWith("HTTP/1.1 502"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /?a=%g HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "nonsense\r\n\r\n",
            })
    void aMalformedRequestGetsBadRequest(String request) throws IOException {
        try (var listener = server.listen(ANY_PORT, Optional::empty)) {
            String answer = exchange(listener.address(), request);
            assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
            assertTrue(answer.contains("x-content-type-options: nosniff\r\n"), answer);
            assertTrue(answer.contains("content-security-policy: frame-ancestors 'none'\r\n"), answer);
        }
    }

    @Test
    void anOldClientNeedsNoHost() throws IOException {
        try (var listener = server.listen(ANY_PORT, Optional::empty)) {
            assertTrue(exchange(listener.address(), "GET / HTTP/1.0\r\n\r\n").startsWith("HTTP/1.1 502"));
        }
    }

    @Test
    void filesThatThePageNeedsAreServedAsThemselves(@TempDir Path root) throws IOException {
        Files.writeString(root.resolve("404.html"), "sorry");
        Files.writeString(root.resolve("index.html"), "never");
        Files.writeString(root.resolve(".secret"), "never");
        Files.createDirectories(root.resolve("css"));
        Files.writeString(root.resolve("css/site.css"), "body {}");
        Files.createSymbolicLink(root.resolve("link.txt"), Path.of("css/site.css"));
        SorryPage own = SorryPage.of(root, 503, "Closed", 0);
        assertEquals(200, own.answer("/css/site.css").status());
        assertEquals("text/css; charset=utf-8", own.answer("/css/site.css").contentType());
        for (String target :
                new String[] {"/", "/index.html", "/404.html", "/.secret", "/link.txt", "/css/../../x", "/missing"}) {
            assertEquals(
                    "503 sorry",
                    own.answer(target).status() + " "
                            + new String(own.answer(target).body(), StandardCharsets.UTF_8),
                    target);
        }
    }

    @Test
    void aRelayCarriesBothWaysHoweverMuchItIs() throws Exception {
        byte[] data = new byte[3_000_000];
        new Random(1).nextBytes(data);
        try (ServerSocket web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var listener =
                        server.listen(ANY_PORT, () -> Optional.of((InetSocketAddress) web.getLocalSocketAddress()))) {
            Thread.ofVirtual().start(() -> {
                try (Socket client = web.accept()) {
                    byte[] got = client.getInputStream().readAllBytes();
                    client.getOutputStream().write(got);
                } catch (IOException e) {
                    return;
                }
            });
            try (Socket socket = new Socket(
                    listener.address().getAddress(), listener.address().getPort())) {
                Thread writer = Thread.ofVirtual().start(() -> {
                    try {
                        socket.getOutputStream().write(data);
                        socket.shutdownOutput();
                    } catch (IOException e) {
                        return;
                    }
                });
                assertTrue(
                        Arrays.equals(data, socket.getInputStream().readAllBytes()),
                        "a half-closed connection is kept");
                writer.join();
            }
        }
    }

    @Test
    void anAddressThatTheHostDoesNotHaveCanBeListenedOn() throws IOException {
        try (var listener = server.listen(new InetSocketAddress("192.0.2.200", 0), Optional::empty)) {
            assertEquals("192.0.2.200", listener.address().getAddress().getHostAddress());
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            IOException e = org.junit.jupiter.api.Assertions.assertThrows(
                    IOException.class,
                    () -> server.listen((InetSocketAddress) taken.getLocalSocketAddress(), Optional::empty));
            assertTrue(String.valueOf(e.getMessage()).contains(":" + taken.getLocalPort()), e.getMessage());
        }
    }
}
