package io.lvsd.checkers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.checkers.tls.TlsAlgorithms;
import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.value.Tls;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The TLS settings of a configuration, as a server receives them. */
@SuppressWarnings("deprecation") // SelfSignedCertificate is good enough for a test
final class TlsSettingsTest {
    private static final String NONE = "(none)";

    @TempDir
    private Path directory;

    private SSLServerSocket server;
    private final BlockingQueue<String> names = new LinkedBlockingQueue<>();
    private SelfSignedCertificate own;

    @BeforeEach
    void start() throws Exception {
        own = new SelfSignedCertificate("example.com");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", own.key(), new char[0], new Certificate[] {own.cert()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        TlsAlgorithms.prepare();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 8, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        own.delete();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (SSLSocket client = (SSLSocket) server.accept()) {
                CompletableFuture<String> seen = new CompletableFuture<>();
                SSLParameters parameters = client.getSSLParameters();
                parameters.setSNIMatchers(List.of(new SNIMatcher(0) {
                    @Override
                    public boolean matches(SNIServerName name) {
                        return seen.complete(new String(name.getEncoded(), StandardCharsets.US_ASCII));
                    }
                }));
                client.setSSLParameters(parameters);
                client.startHandshake();
                names.add(seen.getNow(NONE));
                byte[] request = new byte[4_096];
                int _ = client.getInputStream().read(request);
                client.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // The client has gone, or the server was closed.
            }
        }
    }

    private CheckConfig check(String top, String lines, String url) throws IOException {
        String text = top + "\nvirtual_server 192.0.2.1 443 {\nprotocol TCP\nlvs_sched rr\nlvs_method NAT\n"
                + "real_server 127.0.0.1 " + server.getLocalPort() + " {\nSSL_GET {\n" + lines.replace(';', '\n')
                + "\nurl {\npath /\n" + url + "\n}\n}\n}\n}\n";
        return load(text);
    }

    private CheckConfig load(String text) throws IOException {
        return ConfigLoader.load(Files.writeString(directory.resolve("lvsd.conf"), text))
                .config()
                .virtualServers()
                .getFirst()
                .realServers()
                .getFirst()
                .checks()
                .getFirst();
    }

    private static ProbeResult probe(CheckConfig check) throws Exception {
        CompletableFuture<ProbeReport> report = new CompletableFuture<>();
        try (Probes probes = new Probes(1, _ -> {})) {
            ProbeKey key = ProbeKey.all(check.spec()).getFirst();
            probes.probe(List.of(new Prober.Start(key, report::complete)));
            return report.get(30, TimeUnit.SECONDS).result();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "enable_sni; virtualhost a, virtualhost b, b",
        "enable_sni; virtualhost a.example, virtualhost b.example, b.example",
        "enable_sni; virtualhost a, '', a",
        "enable_sni, virtualhost b.example, b.example",
        "enable_sni, virtualhost b.example:8443, b.example",
        "sni_name c; virtualhost a, virtualhost b, c",
        "enable_sni; sni_name c; virtualhost a, virtualhost b, c",
        "enable_sni, '', (none)",
        "virtualhost a, virtualhost b, (none)",
        "enable_sni, virtualhost 192.0.2.7, (none)",
    })
    void theNameInTheHandshakeIsThatOfTheUrl(String lines, String url, String expected) throws Exception {
        assertEquals(Passed.plain(), probe(check("", lines, url)));
        assertEquals(expected, names.poll(10, TimeUnit.SECONDS));
    }

    /** The nearest level decides; both syntaxes lead to the same. */
    @Test
    void versionsAndSuitesComeFromTheNearestLevel() throws IOException {
        String lvsd = "lvsd {\ntls_min 1.1\ntls_ciphers AES128-SHA, AES256-SHA\n}";
        List<String> both = List.of("TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA");
        assertEquals(Tls.ANY.offering(Tls.Version.V1_1, both), tls(check(lvsd, "", "")));
        assertEquals(
                Tls.ANY.offering(Tls.Version.V1_3, List.of("TLS_AES_128_GCM_SHA256")),
                tls(check(lvsd, "tls_min 1.3; tls_ciphers TLS_AES_128_GCM_SHA256", "")));
        assertEquals(Tls.ANY, tls(check("", "", "")));
        assertEquals(Tls.ANY.offering(Tls.Version.V1_1, both), tls(load("""
            lvsd { tls_min = 1.1, tls_ciphers = ["AES128-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"] }
            virtual_server {
              web {
                address = "192.0.2.10:443"
                protocol = TCP
                lvs_sched = rr
                lvs_method = NAT
                SSL_GET { url = [{ path = "/" }] }
                real_server = [{ address = "10.0.0.11:8443" }]
              }
            }
            """)));
    }

    private static Tls tls(CheckConfig check) {
        return ((HttpCheck) check.spec()).tls().orElseThrow();
    }

    @Test
    void withFilesThatCannotBeUsedTheCheckFails() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty"), "");
        String absent = "cannot use '/nonexistent': no such file or directory";
        String certificate = own.certificate().getPath();
        String key = own.privateKey().getPath();
        for (String files : List.of(
                "certificate /nonexistent\nkey " + key,
                "certificate " + certificate + "\nkey /nonexistent",
                "ca /nonexistent")) {
            assertEquals(new Failed(Reason.TLS_FAILED, absent), probe(check("SSL {\n" + files + "\n}", "", "")));
        }
        assertEquals(
                new Failed(Reason.TLS_FAILED, absent),
                probe(check("", "tls_certificate /nonexistent; tls_key /nonexistent", "")));
        assertEquals(
                new Failed(Reason.TLS_FAILED, "cannot use '" + empty + "': it contains no certificate"),
                probe(check("", "tls_verify; tls_ca " + empty, "")));
        assertEquals(
                Passed.plain(), probe(check("SSL {\ncertificate " + certificate + "\nkey " + key + "\n}", "", "")));
    }
}
