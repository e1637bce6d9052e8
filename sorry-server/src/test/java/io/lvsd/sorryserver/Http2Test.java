package io.lvsd.sorryserver;

import static io.lvsd.sorryserver.Fixture.page;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.sorryserver.setup.Bypass;
import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.PageSetup;
import io.lvsd.sorryserver.setup.TlsIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS, and HTTP/2 with the client of Java, which requests h2c by an upgrade. */
@Timeout(60)
final class Http2Test {
    @TempDir
    private static Path files;

    private final Fixture fixture = new Fixture();

    @BeforeAll
    static void certificates() throws Exception {
        Certificates.write(files.resolve("a.pem"), "a", "ip:127.0.0.1,dns:a.example");
        Certificates.write(files.resolve("b.pem"), "b", "dns:*.b.example");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static TlsIdentity identity(String name) {
        Path file = files.resolve(name + ".pem");
        return new TlsIdentity(file, file);
    }

    private static SSLContext trusting() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManager all = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {
                // Not used.
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {
                // Any certificate: the tests compare its name.
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        context.init(null, new TrustManager[] {all}, null);
        return context;
    }

    private static URI uri(String scheme, InetSocketAddress address, String path) {
        return URI.create(scheme + "://127.0.0.1:" + address.getPort() + path);
    }

    private static HttpResponse<String> get(HttpClient client, URI uri) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static void assertPage(HttpResponse<String> response) {
        assertEquals(Version.HTTP_2, response.version());
        assertEquals(502, response.statusCode());
        assertEquals(Optional.of("30"), response.headers().firstValue("retry-after"));
        assertTrue(response.body().endsWith("</html>\n"));
    }

    @Test
    void anUpgradeContinuesWithHttp2() throws Exception {
        InetSocketAddress address = fixture.serve(page(PageSetup.DEFAULT));
        try (HttpClient client = HttpClient.newBuilder().version(Version.HTTP_2).build()) {
            for (int i = 0; i < 10; i++) {
                assertPage(get(client, uri("http", address, "/" + i)));
            }
        }
        assertEquals(1, fixture.counters().connections());
        assertEquals(10, fixture.counters().pages());
    }

    @Test
    void manyStreamsOverTls() throws Exception {
        InetSocketAddress address = fixture.serve(page(PageSetup.DEFAULT, identity("a")));
        try (HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build()) {
            assertPage(get(client, uri("https", address, "/")));
            List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                HttpRequest request = HttpRequest.newBuilder(uri("https", address, "/" + i))
                        .POST(HttpRequest.BodyPublishers.ofString("x".repeat(i * 10)))
                        .build();
                responses.add(client.sendAsync(request, BodyHandlers.ofString()));
            }
            responses.forEach(r -> assertPage(r.join()));
        }
    }

    @Test
    void aClientWithoutHttp2GetsHttp1OverTls() throws Exception {
        InetSocketAddress address = fixture.serve(page(PageSetup.DEFAULT, identity("a")));
        try (HttpClient client = HttpClient.newBuilder()
                .version(Version.HTTP_1_1)
                .sslContext(trusting())
                .build()) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> response = get(client, uri("https", address, "/"));
                assertEquals(Version.HTTP_1_1, response.version());
                assertEquals(502, response.statusCode());
            }
        }
        assertEquals(1, fixture.counters().connections());
    }

    @Test
    void headAndAssetsAndGrpc() throws Exception {
        Path root = Files.createDirectory(files.resolve("root"));
        byte[] image = new byte[3_000_000];
        Files.writeString(root.resolve("404.html"), "page");
        Files.write(root.resolve("a.png"), image);
        InetSocketAddress address = fixture.serve(
                page(new PageSetup(Optional.of(root), 503, "Closed", 30, "", "", Optional.empty()), identity("a")));
        try (HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build()) {
            HttpRequest head =
                    HttpRequest.newBuilder(uri("https", address, "/x")).HEAD().build();
            HttpResponse<String> headOnly = client.send(head, BodyHandlers.ofString());
            assertEquals("", headOnly.body());
            assertEquals(Optional.of("4"), headOnly.headers().firstValue("content-length"));
            HttpResponse<byte[]> asset = client.send(
                    HttpRequest.newBuilder(uri("https", address, "/a.png?x")).build(), BodyHandlers.ofByteArray());
            assertEquals(200, asset.statusCode());
            assertEquals(image.length, asset.body().length);
            HttpRequest part = HttpRequest.newBuilder(uri("https", address, "/a.png"))
                    .header("range", "bytes=5-6")
                    .build();
            assertEquals(2, client.send(part, BodyHandlers.ofByteArray()).body().length);
            HttpRequest grpc = HttpRequest.newBuilder(uri("https", address, "/a.B/C"))
                    .header("content-type", "application/grpc")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 0}))
                    .build();
            HttpResponse<String> unavailable = client.send(grpc, BodyHandlers.ofString());
            assertEquals(200, unavailable.statusCode());
            assertEquals(Optional.of("14"), unavailable.headers().firstValue("grpc-status"));
        }
    }

    @Test
    void theAuthoritySelectsThePage() throws Exception {
        PageSetup other = new PageSetup(Optional.empty(), 503, "Closed", 0, "", "", Optional.empty());
        InetSocketAddress address =
                fixture.serve(new Content.Page(PageSetup.DEFAULT, Map.of("127.0.0.1", other), List.of(), Bypass.NONE));
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertEquals(503, get(client, uri("http", address, "/")).statusCode());
        }
    }

    @Test
    void anIdleConnectionEndsWhenClientsAreDirectedElsewhere() throws Exception {
        InetSocketAddress address = fixture.serve(page(PageSetup.DEFAULT, identity("a")));
        try (HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build()) {
            assertPage(get(client, uri("https", address, "/")));
            fixture.server.use(Set.of());
            while (fixture.counters().open() > 0) {
                Thread.onSpinWait();
            }
            assertPage(get(client, uri("https", address, "/")));
            while (fixture.counters().open() > 0) {
                Thread.onSpinWait();
            }
        }
        assertEquals(2, fixture.counters().connections(), "the second one ended after its response");
    }

    // ---- certificates

    private static String certificate(InetSocketAddress address, String name) throws Exception {
        Socket plain = Fixture.connect(address);
        try (SSLSocket socket =
                (SSLSocket) trusting().getSocketFactory().createSocket(plain, "127.0.0.1", address.getPort(), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }
    }

    @Test
    void theNameSelectsTheCertificate() throws Exception {
        InetSocketAddress address = fixture.serve(page(PageSetup.DEFAULT, identity("a"), identity("b")));
        assertEquals("CN=a", certificate(address, "a.example"));
        assertEquals("CN=b", certificate(address, "www.B.example"));
        assertEquals("CN=a", certificate(address, "www.x.b.example"), "a wildcard stands for one label");
        assertEquals("CN=a", certificate(address, "unknown.example"));
        assertEquals("CN=a", certificate(address, ""));
    }

    @Test
    void aChangedCertificateIsUsedAndABrokenOneIsNot() throws Exception {
        Path file = files.resolve("changing.pem");
        Certificates.write(file, "first", "dns:c.example");
        InetSocketAddress address = fixture.serve(page(PageSetup.DEFAULT, new TlsIdentity(file, file)));
        assertEquals("CN=first", certificate(address, ""));
        Certificates.write(file, "second", "dns:c.example");
        String name = "";
        for (int i = 0; i < 200 && !name.equals("CN=second"); i++) {
            Thread.sleep(50);
            name = certificate(address, "");
        }
        assertEquals("CN=second", name);
        Files.writeString(file, "broken");
        Thread.sleep(1_500);
        assertEquals("CN=second", certificate(address, ""));
    }

    /** Java's client resumes with the ticket of the connection before. */
    @Test
    void aSessionIsResumed() throws Exception {
        InetSocketAddress address = fixture.serve(page(PageSetup.DEFAULT, identity("a")));
        SSLContext context = trusting();
        List<Long> created = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Socket plain = Fixture.connect(address);
            try (SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", address.getPort(), true)) {
                Fixture.send(socket, "GET / HTTP/1.0\r\n\r\n");
                assertTrue(Fixture.rest(socket).startsWith("HTTP/1.1 502"));
                created.add(socket.getSession().getCreationTime());
            }
            Thread.sleep(5);
        }
        assertEquals(created.get(0), created.get(1));
    }

    @Test
    void openSslIsUsedWhereItIsAvailable() {
        boolean known = Set.of("amd64", "aarch64").contains(System.getProperty("os.arch"));
        assertEquals(known, TlsStore.isNative());
    }

    @Test
    void whatIsNoHandshakeIsClosed() throws IOException {
        InetSocketAddress address = fixture.serve(page(PageSetup.DEFAULT, identity("a")));
        String answer = Fixture.exchange(address, "\u0016\u0003\u0001\u0000\u0004abcd" + "x".repeat(100));
        assertFalse(answer.contains("HTTP"));
    }
}
