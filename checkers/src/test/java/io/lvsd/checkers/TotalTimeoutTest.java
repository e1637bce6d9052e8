package io.lvsd.checkers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.conf.model.CheckConfig;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code connect_timeout} is for each read, {@code total_timeout} for the whole probe. */
final class TotalTimeoutTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    private Path directory;

    private ServerSocket server;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 8, LOOPBACK);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket client = server.accept();
                    Thread.ofVirtual().start(() -> drip(client));
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** A whole response, whose body of six bytes arrives one every half second. */
    private static void drip(Socket client) {
        try (client) {
            int _ = client.getInputStream().read(new byte[4_096]);
            client.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 6; i++) {
                Thread.sleep(500);
                client.getOutputStream().write('.');
            }
        } catch (IOException | InterruptedException e) {
            return; // The client has gone.
        }
    }

    private CheckConfig check(String kind, int port, String lvsd, String service, String server, String check)
            throws IOException {
        return load("lvsd {\n" + lvsd + "\n}\nvirtual_server 192.0.2.1 80 {\nprotocol TCP\nlvs_sched rr\n"
                + "lvs_method NAT\n" + service + "\nreal_server 127.0.0.1 " + port + " {\n" + server + "\n" + kind
                + " {\n" + check.replace(';', '\n') + "\n}\n}\n}\n");
    }

    private CheckConfig load(String text) throws IOException {
        ConfigLoader.Loaded loaded = ConfigLoader.load(Files.writeString(directory.resolve("lvsd.conf"), text));
        assertEquals(List.of(), loaded.problems());
        return loaded.config()
                .virtualServers()
                .getFirst()
                .realServers()
                .getFirst()
                .checks()
                .getFirst();
    }

    private static List<ProbeResult> probe(List<CheckConfig> checks) throws Exception {
        List<CompletableFuture<ProbeReport>> reports =
                checks.stream().map(_ -> new CompletableFuture<ProbeReport>()).toList();
        List<ProbeResult> outcomes = new java.util.ArrayList<>();
        try (Probes probes = new Probes(1, _ -> {})) {
            for (int i = 0; i < checks.size(); i++) {
                ProbeKey key = ProbeKey.all(checks.get(i).spec()).getFirst();
                probes.probe(List.of(new Prober.Start(key, reports.get(i)::complete)));
            }
            for (CompletableFuture<ProbeReport> report : reports) {
                outcomes.add(report.get(60, TimeUnit.SECONDS).result());
            }
        }
        return outcomes;
    }

    private static Failed late(Reason reason, int millis) {
        return new Failed(reason, "not finished within " + millis + " ms (total_timeout)");
    }

    @Test
    void aSlowResponsePassesAndTotalTimeoutFailsIt() throws Exception {
        String url = "connect_timeout 1; url {; path /; };";
        assertEquals(
                List.of(Passed.plain(), late(Reason.RESPONSE_TIMEOUT, 2_000)),
                probe(List.of(
                        check("HTTP_GET", server.getLocalPort(), "", "", "", url),
                        check("HTTP_GET", server.getLocalPort(), "", "", "", url + "total_timeout 2"))));
    }

    @Test
    void inHoconToo() throws Exception {
        String text = """
            virtual_server {
              web {
                address = "192.0.2.10:80"
                protocol = TCP
                lvs_sched = rr
                lvs_method = NAT
                HTTP_GET { url = [{ path = "/" }], connect_timeout = 1s%s }
                real_server = [{ address = "127.0.0.1:%d" }]
              }
            }
            """;
        int port = server.getLocalPort();
        assertEquals(
                List.of(Passed.plain(), late(Reason.RESPONSE_TIMEOUT, 1_500)),
                probe(List.of(
                        load(String.format(Locale.ROOT, text, "", port)),
                        load(String.format(Locale.ROOT, text, ", total_timeout = 1500ms", port)))));
    }

    /** Probes whose reads may take long, and that began before, do not hold up the end of one in total. */
    @Test
    void otherProbesWithALongTimeoutDoNotDelayIt() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 8, LOOPBACK)) {
            String common = "connect_timeout 20; url {; path /; };";
            List<ProbeResult> outcomes = probe(List.of(
                    check("HTTP_GET", silent.getLocalPort(), "", "", "", common + "total_timeout 3"),
                    check("HTTP_GET", server.getLocalPort(), "", "", "", common + "total_timeout 1"),
                    check("HTTP_GET", server.getLocalPort(), "", "", "", common)));
            assertEquals(
                    List.of(late(Reason.RESPONSE_TIMEOUT, 3_000), late(Reason.RESPONSE_TIMEOUT, 1_000), Passed.plain()),
                    outcomes);
        }
    }

    @Test
    void itLimitsChecksOfOnePhaseToo() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            assertEquals(
                    List.of(late(Reason.RESPONSE_TIMEOUT, 500), late(Reason.RESPONSE_TIMEOUT, 250)),
                    probe(List.of(
                            check("DNS_CHECK", silent.getLocalPort(), "", "", "", "total_timeout 0.5"),
                            check("UDP_CHECK", silent.getLocalPort(), "total_timeout 0.25", "", "", "require_reply"))));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', '', '', 50000",
        "'', '', '', connect_timeout 0.5, 5000",
        "total_timeout 7, '', '', '', 7000",
        "total_timeout 7, total_timeout 6.5, '', connect_timeout 1, 6500",
        "total_timeout 7, total_timeout 6, total_timeout 5, '', 5000",
        "total_timeout 7, total_timeout 6, total_timeout 5, total_timeout 0.25, 250",
    })
    void theNearestLevelDecides(String lvsd, String service, String server, String check, long millis)
            throws IOException {
        CheckConfig read = check("TCP_CHECK", 80, lvsd, service, server, check);
        assertEquals(millis, ((TcpCheck) read.spec()).target().total().toMillis());
    }
}
