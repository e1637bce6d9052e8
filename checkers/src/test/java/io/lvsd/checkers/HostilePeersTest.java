package io.lvsd.checkers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.conf.check.AgentCheck;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.DnsCheck;
import io.lvsd.conf.check.GrpcCheck;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.PingCheck;
import io.lvsd.conf.check.ServiceCheck;
import io.lvsd.conf.check.SmtpCheck;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.conf.check.UdpCheck;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.Regex;
import io.lvsd.conf.check.http.StatusRange;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.check.service.ServiceType;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every kind of check against peers that send bytes without end, lines without end, a byte now and then for ever, or nothing,
 * all at once in a JVM with the default heap: each probe ends, none passes, and no peer can send more than the limits.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostilePeersTest {
    private static final InetAddress LOOPBACK = IpAddresses.ofBytes(new byte[] {127, 0, 0, 1});
    private static final Duration DEADLINE = Duration.ofMillis(500);
    private static final long DRIP_MILLIS = 50;
    /** Each peer is probed so often at once, and those that drip when they have sent much. */
    private static final int TIMES = 3;

    private static final int TIMES_MUCH = 500;
    /** What a peer may write before it is cut off: the largest limit, of bodies, and the buffers of two sockets. */
    private static final long MOST = 24L << 20;

    private static final long MOST_OF_LINES = 8L << 20;
    /** Results of an overloaded host. */
    private static final List<String> EXCUSES = List.of(
            "event loop overloaded, timer fired late",
            "this process was paused",
            "too many large responses at the same time");

    private interface Check {
        CheckSpec.Remote at(ProbeAddress where);
    }

    /** How a peer behaves: what it sends once, what again and again, and with what pause. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Peer(String name, byte[] first, byte[] then, long pauseMillis) {
        static Peer endless(String first, String then) {
            byte[] repeated = then.repeat(Math.max(1, 4_096 / then.length())).getBytes(StandardCharsets.ISO_8859_1);
            return new Peer("endless '" + first + "…" + then + "'", latin(first), repeated, 0);
        }

        static Peer dripping(String first, String then) {
            return new Peer(
                    "dripping '" + first.substring(0, Math.min(80, first.length())) + "…" + then + "'",
                    latin(first),
                    latin(then),
                    DRIP_MILLIS);
        }

        private static byte[] latin(String text) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    private record Row(String name, Check check, Peer peer, boolean tls) {
        @Override
        public String toString() {
            return name + (tls ? " over TLS" : "") + ": " + peer.name();
        }

        boolean isUdp() {
            CheckSpec spec = check.at(where(1));
            return spec instanceof DnsCheck
                    || spec instanceof UdpCheck
                    || spec instanceof ServiceCheck service && service.type().isUdp();
        }

        int times() {
            return peer.first().length > MUCH ? TIMES_MUCH : TIMES;
        }

        boolean isHttp() {
            return check.at(where(1)) instanceof HttpCheck;
        }
    }

    private static final int MUCH = 10_000;
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final List<Row> ROWS = rows();

    private static ProbeAddress where(int port) {
        return new ProbeAddress(LOOPBACK, port, Optional.empty(), 0, "", 0, DEADLINE);
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        String headers = OK + "X: ";
        for (HttpVersion version : HttpVersion.values()) {
            for (boolean tls : new boolean[] {false, true}) {
                for (boolean searched : new boolean[] {false, true}) {
                    String name = (tls ? "SSL_GET " : "HTTP_GET ") + version + (searched ? " searched" : "");
                    Check check = where -> http(where, version, tls, searched);
                    add(rows, name, check, tls, headers, OK, OK + "\r\n");
                    add(rows, name, check, tls, OK + "Transfer-Encoding: chunked\r\n\r\n");
                    add(rows, name, check, tls, "HTTP/1.1 100 Continue\r\n\r\n");
                    String chunks = OK + "Transfer-Encoding: chunked\r\n\r\n";
                    rows.add(new Row(name, check, Peer.endless(chunks, "1\r\nx\r\n"), tls));
                    rows.add(new Row(name, check, Peer.endless("", "HTTP/1.1 100 Continue\r\n\r\n"), tls));
                    rows.add(new Row(
                            name, check, Peer.endless("\0\0\0\4\0\0\0\0\0", "\0\0\10\6\0\0\0\0\0pingpong"), tls));
                    rows.add(new Row(name, check, bomb(), tls));
                }
            }
        }
        Check page = where -> http(where, HttpVersion.V1_1, false, true);
        String much = "x".repeat(15_000);
        rows.add(new Row("HTTP_GET", page, Peer.dripping(OK + "A: " + much, "x"), false));
        rows.add(new Row("HTTP_GET", page, Peer.dripping(OK + "\r\n" + much + much + much, "x"), false));
        add(rows, "SMTP_CHECK", where -> new SmtpCheck(where, "h"), false, "220", "220 a\r\n250-");
        rows.add(new Row("SMTP_CHECK", where -> new SmtpCheck(where, "h"), Peer.endless("", "220-more\r\n"), false));
        add(rows, "GRPC_CHECK", where -> new GrpcCheck(where, Optional.empty(), ""), false, "\0\0\0\4\0\0\0\0\0");
        add(rows, "GRPC_CHECK", where -> new GrpcCheck(where, Optional.of(Tls.ANY), ""), true);
        add(rows, "agent", where -> new AgentCheck(where, "x"), false, "u");
        add(rows, "DNS_CHECK", where -> new DnsCheck(where, "A", "a"), false);
        add(rows, "UDP_CHECK", where -> new UdpCheck(where, "00", Optional.of("01"), 0, 255), false);
        for (ServiceType type : ServiceType.values()) {
            Check check = where -> service(where, type, Optional.empty());
            add(
                    rows,
                    "SERVICE_CHECK " + type,
                    check,
                    false,
                    "*",
                    "\60\203\377\377\377",
                    "N\0\0\377\377",
                    "\377\377\377\0\12");
            if (!type.isUdp()) {
                add(rows, "SERVICE_CHECK " + type, where -> service(where, type, Optional.of(Tls.ANY)), true);
            }
        }
        return rows;
    }

    /** One after a handshake, if TLS is spoken, and one that does not even speak TLS. */
    private static void add(List<Row> rows, String name, Check check, boolean tls, String... starts) {
        for (boolean over : tls ? new boolean[] {true, false} : new boolean[] {false}) {
            for (String start :
                    Stream.concat(Stream.of(""), Arrays.stream(starts)).toList()) {
                rows.add(new Row(name, check, Peer.endless(start, "x"), over));
                rows.add(new Row(name, check, Peer.endless(start, "x y\r\n"), over));
                rows.add(new Row(name, check, Peer.dripping(start, "x"), over));
                rows.add(new Row(name, check, Peer.dripping(start, "\r\n-"), over));
            }
            rows.add(new Row(name, check, new Peer("silent", new byte[0], new byte[0], 0), over));
        }
    }

    /** A body of zeros that is small as long as it is compressed, again and again: members of gzip. */
    private static Peer bomb() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(new byte[1 << 20]);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        byte[] head = (OK + "Content-Encoding: gzip\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        return new Peer("bomb", head, bytes.toByteArray(), 0);
    }

    private static HttpCheck http(ProbeAddress where, HttpVersion version, boolean tls, boolean searched) {
        Optional<Regex> regex =
                searched ? Optional.of(new Regex("no such text", List.of(), true, 0, 0)) : Optional.empty();
        Optional<String> digest = searched ? Optional.empty() : Optional.of("00".repeat(16));
        Url url = new Url(
                "/",
                "h",
                "GET",
                List.of(),
                Optional.empty(),
                true,
                3,
                List.of(new StatusRange(200, 200)),
                digest,
                regex,
                List.of(),
                Optional.empty());
        return new HttpCheck(where, tls ? Optional.of(Tls.ANY) : Optional.empty(), version, false, List.of(url));
    }

    private static ServiceCheck service(ProbeAddress where, ServiceType type, Optional<Tls> tls) {
        return new ServiceCheck(where, type, tls, Optional.empty(), Optional.empty(), Optional.of("secret"));
    }

    // ---- the peers

    private final Map<Integer, AtomicLong> written = new ConcurrentHashMap<>();

    private int serve(int row, ServerSocketFactory tls) throws IOException {
        Peer peer = ROWS.get(row).peer();
        AtomicLong most = new AtomicLong();
        written.put(row, most);
        if (ROWS.get(row).isUdp()) {
            DatagramSocket socket = new DatagramSocket(0, LOOPBACK);
            Thread.ofVirtual().start(() -> answer(socket, peer));
            return socket.getLocalPort();
        }
        ServerSocket server =
                ROWS.get(row).tls() ? tls.createServerSocket(0, 50, LOOPBACK) : new ServerSocket(0, 500, LOOPBACK);
        Thread.ofVirtual().start(() -> {
            try (server) {
                while (true) {
                    Socket client = server.accept();
                    Thread.ofVirtual().start(() -> answer(client, peer, most));
                }
            } catch (IOException _) {
                // The test is over.
            }
        });
        return server.getLocalPort();
    }

    private static void answer(Socket client, Peer peer, AtomicLong most) {
        long sent = 0;
        try (client) {
            client.setSendBufferSize(64 << 10);
            OutputStream out = client.getOutputStream();
            out.write(peer.first());
            while (peer.then().length > 0) {
                out.write(peer.then());
                sent += peer.then().length;
                most.accumulateAndGet(sent, Math::max);
                TimeUnit.MILLISECONDS.sleep(peer.pauseMillis());
            }
            var _ = client.getInputStream().skip(Long.MAX_VALUE);
        } catch (IOException | InterruptedException _) {
            // The prober has left.
        }
    }

    /** Floods whoever asks for as long as a probe may take, and a little longer. */
    private static void answer(DatagramSocket socket, Peer peer) {
        try {
            while (true) {
                DatagramPacket spec = new DatagramPacket(new byte[2_000], 2_000);
                socket.receive(spec);
                Thread.ofVirtual().start(() -> {
                    long end = System.nanoTime() + DEADLINE.multipliedBy(2).toNanos();
                    try {
                        while (peer.then().length > 0 && System.nanoTime() - end < 0) {
                            byte[] bytes = peer.then();
                            socket.send(new DatagramPacket(bytes, bytes.length, spec.getSocketAddress()));
                            TimeUnit.MILLISECONDS.sleep(Math.max(1, peer.pauseMillis()));
                        }
                    } catch (IOException | InterruptedException _) {
                        // The prober has left.
                    }
                });
            }
        } catch (IOException _) {
            // The test is over.
        }
    }

    // ---- the prober, in a process of its own

    /** Probes all rows at once: {@code PORT…}, in the order of the rows. */
    public static void main(String[] ports) throws InterruptedException {
        Map<String, ProbeResult> outcomes = new ConcurrentHashMap<>();
        CountDownLatch left = new CountDownLatch(all());
        try (Probes prober = new Probes(1, _ -> {})) {
            List<Prober.Start> starts = new ArrayList<>();
            for (int row = 0; row < ROWS.size(); row++) {
                CheckSpec.Remote spec = ROWS.get(row).check().at(where(Integer.parseInt(ports[row])));
                for (int i = 0; i < ROWS.get(row).times(); i++) {
                    String name = row + "-" + i;
                    starts.add(new Prober.Start(ProbeKey.of(spec), report -> {
                        outcomes.put(name, report.result());
                        left.countDown();
                    }));
                }
            }
            prober.probe(starts);
            boolean _ = left.await(2, TimeUnit.MINUTES);
        }
        outcomes.forEach((name, outcome) -> System.out.println(name + " " + word(outcome)));
    }

    private static int all() {
        return ROWS.stream().mapToInt(Row::times).sum();
    }

    private static String word(ProbeResult outcome) {
        return switch (outcome) {
            case Passed _ -> "passed";
            case Failed(var reason, var detail, var _, var _) -> "failed " + reason + " " + detail;
            case Inconclusive(var cause) -> EXCUSES.contains(cause) ? "busy" : "inconclusive " + cause;
        };
    }

    private static List<String> probed(List<Integer> ports) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                HostilePeersTest.class.getName()));
        ports.forEach(port -> command.add(String.valueOf(port)));
        Process prober = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            List<String> lines = new String(prober.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertEquals(0, prober.waitFor(), () -> "the heap is exhausted: " + lines);
            return lines;
        } finally {
            prober.destroyForcibly();
        }
    }

    @Test
    void eachProbeEndsWithoutASuccessAndWithinTheLimits() throws Exception {
        @SuppressWarnings("deprecation") // the certificate of a test
        SelfSignedCertificate certificate = new SelfSignedCertificate("h");
        var context = (JdkSslContext) SslContextBuilder.forServer(certificate.key(), certificate.cert())
                .build();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < ROWS.size(); i++) {
            ports.add(serve(i, context.context().getServerSocketFactory()));
        }
        Map<String, Set<String>> outcomes = new TreeMap<>();
        List<String> lines = probed(ports);
        for (String line : lines) {
            String row = ROWS.get(Integer.parseInt(line.substring(0, line.indexOf('-'))))
                    .toString();
            outcomes.computeIfAbsent(row, _ -> ConcurrentHashMap.newKeySet())
                    .add(line.substring(line.indexOf(' ') + 1));
        }
        assertEquals(all(), lines.size(), "each probe ends");
        assertEquals(
                Map.of(),
                outcomes.entrySet().stream()
                        .filter(e -> !e.getValue().stream().allMatch(o -> isGood(e.getKey(), o)))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        assertFalse(outcomes.values().stream().allMatch(all -> all.contains("busy")), "this machine is too busy");
        for (int i = 0; i < ROWS.size(); i++) {
            long limit = ROWS.get(i).isHttp() ? MOST : MOST_OF_LINES;
            long sent = written.getOrDefault(i, new AtomicLong()).get();
            assertTrue(sent < limit, ROWS.get(i) + " took " + sent + " bytes");
        }
    }

    /** An agent counts for nothing, whatever it does. */
    private static boolean isGood(String row, String outcome) {
        return outcome.startsWith(row.startsWith("agent") ? "inconclusive agent" : "failed ")
                || outcome.startsWith("inconclusive invalid agent reply: ") && row.startsWith("agent")
                || outcome.equals("busy");
    }

    @Test
    void everyKindOfCheckThatAsksOverTheNetworkIsAmongThem() {
        Set<Class<?>> probed =
                ROWS.stream().map(r -> r.check().at(where(1)).getClass()).collect(Collectors.toSet());
        Set<Class<?>> kinds = new java.util.HashSet<>(Set.of(CheckSpec.Remote.class.getPermittedSubclasses()));
        // These read nothing of what a peer sends but one packet of fixed size, or nothing at all.
        kinds.removeAll(Set.of(TcpCheck.class, PingCheck.class));
        assertEquals(kinds, probed);
    }
}
