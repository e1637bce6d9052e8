package io.lvsd.checkers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.checkers.tls.TlsAlgorithms;
import io.lvsd.checkers.tls.TlsFailure;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.StatusRange;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathValidatorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SSL_GET against the server of OpenSSL, which waits for close_notify before it closes. */
final class TlsServersTest {
    private static final InetAddress LOOPBACK = IpAddresses.ofBytes(new byte[] {127, 0, 0, 1});
    private static final Path OPENSSL = Path.of("/usr/bin/openssl");
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static ProbeResult probe(int port, HttpVersion version, Tls tls) throws Exception {
        Url url = new Url("/", "example.com", List.of(new StatusRange(200, 200)), Optional.empty());
        ProbeAddress where = new ProbeAddress(LOOPBACK, port, Optional.empty(), 0, "", 0, TIMEOUT);
        ProbeKey key = ProbeKey.of(new HttpCheck(where, Optional.of(tls), version, false, List.of(url)));
        CompletableFuture<ProbeReport> report = new CompletableFuture<>();
        try (Probes probes = new Probes(1, _ -> {})) {
            probes.probe(List.of(new Prober.Start(key, report::complete)));
            return report.get(30, TimeUnit.SECONDS).result();
        }
    }

    private static ProbeResult againstOpenssl(String arguments, HttpVersion version) throws Exception {
        return againstOpenssl(arguments, version, Tls.ANY);
    }

    private static ProbeResult againstOpenssl(String arguments, HttpVersion version, Tls tls) throws Exception {
        Required.that(Files.isExecutable(OPENSSL), "openssl is not installed");
        @SuppressWarnings("deprecation") // the certificate of a test
        SelfSignedCertificate own = new SelfSignedCertificate("example.com");
        List<String> command =
                new ArrayList<>(List.of(OPENSSL.toString(), "s_server", "-www", "-accept", "127.0.0.1:0"));
        command.addAll(List.of(
                "-cert", own.certificate().getPath(), "-key", own.privateKey().getPath()));
        command.addAll(List.of(arguments.split(" ")));
        Process server = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            String line = String.valueOf(out.readLine());
            while (!line.startsWith("ACCEPT ")) {
                assertTrue(server.isAlive() || out.ready(), line);
                line = String.valueOf(out.readLine());
            }
            return probe(
                    Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip()), version, tls);
        } finally {
            server.destroyForcibly().waitFor();
            own.delete();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-tls1_3",
                "-tls1_2",
                "-tls1_2 -cipher AES256-GCM-SHA384",
                "-tls1_2 -cipher AES128-SHA",
                "-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256",
                "-tls1_2 -cipher ECDHE-RSA-CHACHA20-POLY1305"
            })
    void whatOpensslAcceptsPasses(String arguments) throws Exception {
        assertEquals(Passed.plain(), againstOpenssl(arguments, HttpVersion.V1_0));
    }

    @Test
    void closeNotifyEndsTheResponseInEachVersionOfHttp() throws Exception {
        for (HttpVersion version : List.of(HttpVersion.V1_0, HttpVersion.V1_0_CLOSE, HttpVersion.V1_1)) {
            assertEquals(Passed.plain(), againstOpenssl("-tls1_3", version));
        }
    }

    @Test
    void aServerWithoutTlsIsNamedAsSuch() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            Thread thread = Thread.ofVirtual().start(() -> {
                try (Socket client = server.accept()) {
                    client.getOutputStream()
                            .write("HTTP/1.0 400 Bad Request\r\n\r\n".repeat(50).getBytes(StandardCharsets.US_ASCII));
                    int _ = client.getInputStream().read(new byte[4_096]);
                } catch (java.io.IOException e) {
                    return;
                }
            });
            assertEquals(
                    new Failed(Reason.TLS_FAILED, "server does not speak TLS"),
                    probe(server.getLocalPort(), HttpVersion.V1_0, Tls.ANY));
            thread.join();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-tls1 -cipher ALL:@SECLEVEL=0, V1_0, ''",
        "-tls1_1 -cipher ALL:@SECLEVEL=0, V1_1, ''",
        "-tls1_1 -cipher ALL:@SECLEVEL=0, V1_0, ''",
        "-tls1_3, V1_0, ''",
        "-tls1_3, V1_3, ''",
        "-tls1 -cipher ALL:@SECLEVEL=0, V1_1, 1.1",
        "-tls1_1 -cipher ALL:@SECLEVEL=0, V1_2, 1.2",
        "-tls1_2, V1_3, 1.3",
    })
    void tlsMinIsTheLowestVersionThatIsOffered(String arguments, Tls.Version lowest, String refused) throws Exception {
        ProbeResult expected = refused.isEmpty()
                ? Passed.plain()
                : new Failed(
                        Reason.TLS_FAILED,
                        "the server does not accept TLS " + refused + " or later, which tls_min allows");
        assertEquals(expected, againstOpenssl(arguments, HttpVersion.V1_0, Tls.ANY.offering(lowest, List.of())));
    }

    @ParameterizedTest
    @CsvSource({
        "-tls1_2 -cipher AES128-SHA, TLS_RSA_WITH_AES_128_CBC_SHA, true",
        "-tls1_2 -cipher AES128-SHA:ECDHE-RSA-AES128-SHA, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, true",
        "-tls1_2 -cipher AES128-SHA, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, false",
        "-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384, TLS_AES_256_GCM_SHA384, true",
        "-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256, false",
    })
    void onlyTheSuitesOfTlsCiphersAreOffered(String arguments, String suite, boolean accepted) throws Exception {
        ProbeResult outcome =
                againstOpenssl(arguments, HttpVersion.V1_0, Tls.ANY.offering(Tls.Version.V1_2, List.of(suite)));
        if (accepted) {
            assertEquals(Passed.plain(), outcome);
        } else {
            assertTrue(
                    outcome instanceof Failed(var reason, var detail, var _, var _)
                            && reason == Reason.TLS_FAILED
                            && detail.startsWith("the server does not accept the suites of tls_ciphers"),
                    outcome::toString);
        }
    }

    @Test
    void anAlgorithmThatTheJavaRuntimeDisablesIsNamed() throws Exception {
        ProbeResult suite = againstOpenssl("-tls1_2 -cipher ECDHE-RSA-NULL-SHA:@SECLEVEL=0", HttpVersion.V1_0);
        assertTrue(
                suite instanceof Failed(var _, var detail, var _, var _)
                        && detail.matches("the server does not accept the default suites .*disabled in.*\\bNULL\\b.*"),
                suite::toString);
        // OpenSSL does not serve such a small group, so the words are the Java runtime's own.
        assertEquals(
                "DH ServerKeyExchange does not comply to algorithm constraints; disabled in the Java runtime:"
                        + " DH keySize < 1024",
                TlsFailure.describe(
                        new SSLHandshakeException("DH ServerKeyExchange does not comply to algorithm constraints"),
                        Optional.of(Tls.ANY)));
        assertEquals(
                "Algorithm constraints check failed on signature algorithm: MD5withRSA; disabled in the Java runtime:"
                        + " MD5withRSA",
                TlsFailure.describe(
                        new CertPathValidatorException(
                                "Algorithm constraints check failed on signature algorithm: MD5withRSA"),
                        Optional.of(Tls.ANY)));
        assertTrue(
                TlsAlgorithms.unusable("SSL_RSA_WITH_3DES_EDE_CBC_SHA")
                        .orElse("")
                        .endsWith(": 3DES_EDE_CBC is disabled by jdk.tls.disabledAlgorithms"),
                () -> TlsAlgorithms.unusable("SSL_RSA_WITH_3DES_EDE_CBC_SHA").toString());
        assertEquals(Optional.empty(), TlsAlgorithms.unusable("TLS_RSA_WITH_AES_128_CBC_SHA"));
        Tls weak = Tls.ANY.offering(Tls.Version.V1_2, List.of("SSL_RSA_WITH_3DES_EDE_CBC_SHA"));
        ProbeResult none = againstOpenssl("-tls1_2", HttpVersion.V1_0, weak);
        assertTrue(
                none instanceof Failed(var _, var detail, var _, var _)
                        && detail.startsWith("no suite of tls_ciphers is usable: "),
                none::toString);
    }
}
