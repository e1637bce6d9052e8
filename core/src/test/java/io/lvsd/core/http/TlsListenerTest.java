package io.lvsd.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.HttpConfig;
import io.lvsd.conf.model.HttpConfig.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners that are not of loopback: TLS, and a token for each request. */
final class TlsListenerTest {
    private static final String READER = "reader-token-0123456789";

    @TempDir
    private Path directory;

    private Path tokens;
    private Path certificate;
    private final List<HttpServer> servers = new ArrayList<>();
    private InetSocketAddress wildcard;

    @BeforeEach
    void prepare() throws Exception {
        tokens = directory.resolve("tokens");
        Files.createFile(tokens, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(tokens, "reader " + READER + "\n");
        certificate = directory.resolve("server.pem");
        try (ServerSocket socket = new ServerSocket(0)) {
            wildcard = new InetSocketAddress(InetAddress.getByName("0.0.0.0"), socket.getLocalPort());
        }
    }

    @AfterEach
    void close() {
        servers.forEach(HttpServer::close);
    }

    private static List<Route> routes() {
        return List.of(Route.get(
                "/read", r -> Response.of(200, "text/plain", r.client().user().orElse("anonymous"))));
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token + "\r\n";
    }

    private HttpServer startWithTls() throws Exception {
        Certificates.write(certificate, "first");
        HttpServer server = new HttpServer(tlsConfig(), new Router(routes()), Servers.limits(16), RequestObserver.NONE);
        servers.add(server);
        server.listen(wildcard);
        return server;
    }

    private HttpConfig tlsConfig() {
        return new HttpConfig(
                List.of(wildcard),
                List.of(),
                Optional.of(tokens),
                Optional.of(new ServerTls(certificate, certificate)));
    }

    private RawClient connectTls() throws Exception {
        return connectTls("TLSv1.3", "TLSv1.2");
    }

    private RawClient connectTls(String... versions) throws Exception {
        X509TrustManager all = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {all}, new SecureRandom());
        SSLSocket socket = (SSLSocket)
                context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), wildcard.getPort());
        socket.setEnabledProtocols(versions);
        return new RawClient(socket);
    }

    private static String name(RawClient client) throws IOException {
        X509Certificate peer =
                (X509Certificate) ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0];
        return peer.getSubjectX500Principal().getName();
    }

    @Test
    void elsewhereReadingNeedsATokenAndTls() throws Exception {
        startWithTls();
        try (RawClient client = connectTls()) {
            client.send("GET /read HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            assertEquals(401, client.reply().status());
            client.send("GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            assertEquals(401, client.reply().status());
            client.send("GET /read HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n\r\n");
            assertTrue(client.reply().header("www-authenticate").startsWith("Basic"));
            client.send("GET /read HTTP/1.1\r\nHost: 127.0.0.1\r\n" + bearer(READER) + "\r\n");
            assertEquals("reader", client.reply().body());
            client.send("GET /read HTTP/1.1\r\nHost: evil.example\r\n" + bearer(READER) + "\r\n");
            assertEquals(421, client.reply().status());
        }
        try (RawClient plain = new RawClient(new Socket(InetAddress.getLoopbackAddress(), wildcard.getPort()))) {
            plain.send("GET /read HTTP/1.1\r\nHost: 127.0.0.1\r\n" + bearer(READER) + "\r\n");
            assertThrows(IOException.class, plain::reply);
        }
    }

    @Test
    void aChangedCertificateIsUsedAndAnUnusableOneIsNot() throws Exception {
        HttpServer server = startWithTls();
        try (RawClient client = connectTls()) {
            client.send("GET /read HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").reply();
            assertEquals("CN=first", name(client));
        }
        Certificates.write(certificate, "second");
        server.configure(tlsConfig());
        try (RawClient client = connectTls()) {
            client.send("GET /read HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").reply();
            assertEquals("CN=second", name(client));
        }
        Files.writeString(certificate, "nothing");
        server.configure(tlsConfig());
        try (RawClient client = connectTls()) {
            client.send("GET /read HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").reply();
            assertEquals("CN=second", name(client));
        }
    }

    /** On one connection, a client could otherwise keep the server busy with key exchanges. */
    @Test
    void aClientCannotRenegotiate() throws Exception {
        startWithTls();
        try (RawClient client = connectTls("TLSv1.2")) {
            client.send("GET /read HTTP/1.1\r\nHost: 127.0.0.1\r\n" + bearer(READER) + "\r\n");
            assertEquals("reader", client.reply().body());
            SSLSocket socket = (SSLSocket) client.socket();
            assertThrows(IOException.class, () -> {
                socket.startHandshake();
                client.send("GET /read HTTP/1.1\r\nHost: 127.0.0.1\r\n" + bearer(READER) + "\r\n")
                        .reply();
            });
        }
    }

    /** The program enables RSA key exchange for probes. */
    @Test
    void everyConnectionHasForwardSecrecy() throws Exception {
        startWithTls();
        try (RawClient client = connectTls("TLSv1.2")) {
            client.send("GET /read HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").reply();
            String suite = ((SSLSocket) client.socket()).getSession().getCipherSuite();
            assertTrue(suite.startsWith("TLS_ECDHE_") && !suite.contains("CBC"), suite);
        }
        for (String weak : List.of("TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA")) {
            try (RawClient client = connectTls("TLSv1.2")) {
                SSLSocket socket = (SSLSocket) client.socket();
                socket.setEnabledCipherSuites(new String[] {weak});
                assertThrows(IOException.class, socket::startHandshake, weak);
            }
        }
    }
}
