package io.lvsd.checkers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvsd.checkers.ProbeOutcome.Failed;
import io.lvsd.checkers.ProbeOutcome.Passed;
import io.lvsd.checkers.ProbeOutcome.Reason;
import io.lvsd.conf.Names;
import io.lvsd.conf.keyword.Types.StatusRange;
import io.lvsd.conf.model.ProbeAddress;
import io.lvsd.conf.model.Question;
import io.lvsd.conf.model.Question.HttpVersion;
import io.lvsd.conf.model.Question.Url;
import io.lvsd.conf.model.Tls;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SSL_GET against the server of OpenSSL, which waits for close_notify before it closes. */
final class TlsServersTest {
    private static final InetAddress LOOPBACK = Names.ofBytes(new byte[] {127, 0, 0, 1});
    private static final Path OPENSSL = Path.of("/usr/bin/openssl");
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static ProbeOutcome probe(int port, HttpVersion version) throws Exception {
        Url url = new Url("/", "example.com", List.of(new StatusRange(200, 200)), Optional.empty());
        ProbeAddress where = new ProbeAddress(LOOPBACK, port, Optional.empty(), 0, "", 0, TIMEOUT);
        ProbeKey key = ProbeKey.of(new Question.Http(where, Optional.of(Tls.ANY), version, false, List.of(url)));
        CompletableFuture<ProbeReport> report = new CompletableFuture<>();
        try (Probes probes = new Probes(1, _ -> {})) {
            probes.probe(List.of(new Prober.Start(key, report::complete)));
            return report.get(30, TimeUnit.SECONDS).outcome();
        }
    }

    private static ProbeOutcome againstOpenssl(String arguments, HttpVersion version) throws Exception {
        assumeTrue(Files.isExecutable(OPENSSL), "openssl is not installed");
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
                    Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip()), version);
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
                    probe(server.getLocalPort(), HttpVersion.V1_0));
            thread.join();
        }
    }
}
