package io.lvsd.lab.servers;

import io.lvsd.checkers.Probes;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.SmtpCheck;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.JsonMatch;
import io.lvsd.conf.check.http.StatusRange;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** The servers, in a separate process that prints their ports ({@code serve}), and the process that probes them ({@code probe PORT…}). */
public final class HostileServers {
    private static final int ALL = 1_000;
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private HostileServers() {}

    private enum Kind {
        NO_RESPONSE,
        DRIPPING,
        ENDLESS_HEADER,
        ENDLESS_BODY,
        ENDLESS_CHUNKS,
        BROKEN_TLS,
        BOMB,
        ENDLESS_LINE;

        void serve(Socket client, byte[] bomb) throws IOException, InterruptedException {
            OutputStream out = client.getOutputStream();
            byte[] zeros = new byte[4 * 1024];
            switch (this) {
                case NO_RESPONSE -> client.getInputStream().readAllBytes();
                case DRIPPING -> {
                    for (byte b : (OK + "X: y\r\n".repeat(10_000)).getBytes(StandardCharsets.US_ASCII)) {
                        out.write(b);
                        Thread.sleep(100);
                    }
                }
                case ENDLESS_HEADER -> {
                    out.write(OK.getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                        out.write("X-Header: and so on\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII));
                    }
                }
                case ENDLESS_BODY -> {
                    out.write((OK + "Content-Length: 10737418240\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                        out.write(zeros);
                    }
                }
                case ENDLESS_CHUNKS -> {
                    out.write((OK + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                        out.write("1000\r\n".getBytes(StandardCharsets.US_ASCII));
                        out.write(zeros);
                        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                    }
                }
                case BROKEN_TLS -> {
                    out.write(new byte[] {22, 3, 3, 0x3f, (byte) 0xff, 2, (byte) 0xff, (byte) 0xff});
                    while (true) {
                        out.write(zeros);
                    }
                }
                case BOMB -> {
                    out.write((OK + "Content-Encoding: gzip\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                        out.write(bomb);
                    }
                }
                case ENDLESS_LINE -> {
                    while (true) {
                        out.write(zeros);
                    }
                }
            }
        }

        CheckSpec.Probed spec(int port) {
            ProbeAddress where = new ProbeAddress(
                    IpAddresses.ofBytes(new byte[] {127, 0, 0, 1}),
                    port,
                    Optional.empty(),
                    0,
                    "",
                    0,
                    Duration.ofSeconds(10));
            Url url = new Url(
                    "/",
                    "h",
                    "GET",
                    List.of(),
                    Optional.empty(),
                    true,
                    0,
                    List.of(new StatusRange(200, 299)),
                    this == ENDLESS_BODY ? Optional.empty() : Optional.of("0".repeat(32)),
                    Optional.empty(),
                    this == ENDLESS_CHUNKS ? List.of() : List.of(new JsonMatch("a", "b")),
                    Optional.empty());
            Optional<Tls> tls = this == BROKEN_TLS ? Optional.of(Tls.ANY) : Optional.empty();
            return this == ENDLESS_LINE
                    ? new SmtpCheck(where, "h")
                    : new HttpCheck(where, tls, HttpVersion.V1_1, false, List.of(url));
        }
    }

    /** The result of a probe whose response does not fit into the heap budget in time. It counts against no server. */
    private static final ProbeResult LIMITED =
            new ProbeResult.Inconclusive("too many large responses at the same time");

    /** Serves until its input ends; or prints what became of each kind, and at last how many failed or were limited. */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("serve")) {
            serve();
        } else {
            probe(Stream.of(arguments).skip(1).map(Integer::parseInt).toList());
        }
        System.exit(0);
    }

    private static void serve() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            byte[] zeros = new byte[1024 * 1024];
            for (int i = 0; i < 64; i++) {
                gzip.write(zeros);
            }
        }
        StringBuilder ports = new StringBuilder();
        for (Kind kind : Kind.values()) {
            ServerSocket server = new ServerSocket(0, ALL);
            ports.append(server.getLocalPort()).append(' ');
            Thread.ofPlatform().daemon().start(() -> accept(server, kind, packed.toByteArray()));
        }
        System.out.println(ports);
        int _ = System.in.read();
    }

    private static void probe(List<Integer> ports) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(ALL);
        Map<Integer, ConcurrentLinkedQueue<ProbeReport>> reports = new TreeMap<>();
        List<Prober.Start> starts = new ArrayList<>();
        for (int i = 0; i < ALL; i++) {
            int kind = i % Kind.values().length;
            reports.putIfAbsent(kind, new ConcurrentLinkedQueue<>());
            CheckSpec.Probed spec = Kind.values()[kind].spec(ports.get(kind));
            starts.add(new Prober.Start(ProbeKey.of(spec), report -> {
                reports.get(kind).add(report);
                left.countDown();
            }));
        }
        try (Probes probes = new Probes(2, _ -> {})) {
            probes.warmUp();
            probes.probe(starts);
            if (!left.await(2, TimeUnit.MINUTES)) {
                System.out.println(left.getCount() + " probes never end");
            }
        }
        int failed = 0;
        int limited = 0;
        for (var entry : reports.entrySet()) {
            Map<String, Integer> outcomes = new TreeMap<>();
            for (ProbeReport report : entry.getValue()) {
                outcomes.merge(report.result().toString(), 1, Integer::sum);
                failed += report.result() instanceof ProbeResult.Failed ? 1 : 0;
                limited += report.result().equals(LIMITED) ? 1 : 0;
            }
            System.out.println(Kind.values()[entry.getKey()] + " " + outcomes);
        }
        System.out.println(ALL + " probes, " + failed + " failed, " + limited + " limited");
    }

    private static void accept(ServerSocket server, Kind kind, byte[] bomb) {
        while (true) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> {
                    try (client) {
                        kind.serve(client, bomb);
                    } catch (IOException | InterruptedException _) {
                        // The prober has had enough.
                    }
                });
            } catch (IOException _) {
                return;
            }
        }
    }
}
