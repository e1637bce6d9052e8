package io.lvsd.checkers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.SmtpCheck;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.StatusRange;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Each probe against a local server that answers, lies, dawdles or is not there. */
final class ProbesTest {
    private static final Probes PROBER = new Probes(1, _ -> {});
    private static final InetAddress LOOPBACK = IpAddresses.ofBytes(new byte[] {127, 0, 0, 1});
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofSeconds(20);

    @AfterAll
    static void close() {
        PROBER.close();
    }

    private interface Behaviour {
        void serve(Socket client) throws IOException, InterruptedException;
    }

    private static ProbeResult against(Behaviour behaviour, java.util.function.IntFunction<ProbeKey> key)
            throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, LOOPBACK)) {
            Thread.ofVirtual().start(() -> {
                try (Socket client = server.accept()) {
                    behaviour.serve(client);
                } catch (IOException | InterruptedException e) {
                    return;
                }
            });
            return probe(key.apply(server.getLocalPort()));
        }
    }

    private static ProbeResult probe(ProbeKey key) throws Exception {
        return report(key).result();
    }

    private static ProbeReport report(ProbeKey key) throws Exception {
        CompletableFuture<ProbeReport> report = new CompletableFuture<>();
        PROBER.probe(List.of(new Prober.Start(key, report::complete)));
        return report.get(30, TimeUnit.SECONDS);
    }

    private static ProbeAddress at(int port, Duration deadline) {
        return new ProbeAddress(LOOPBACK, port, Optional.empty(), 0, "", 0, deadline);
    }

    private static ProbeKey http(int port, Duration deadline, boolean tls) {
        return http(port, deadline, tls, HttpVersion.V1_1);
    }

    private static ProbeKey http(int port, Duration deadline, boolean tls, HttpVersion version) {
        Url url = new Url("/check", "example.com", List.of(new StatusRange(200, 200)), Optional.empty());
        Optional<Tls> over = tls ? Optional.of(Tls.ANY) : Optional.empty();
        return ProbeKey.of(new HttpCheck(at(port, deadline), over, version, false, List.of(url)));
    }

    private static String request(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith("\r\n\r\n")) {
            text.append((char) in.read());
        }
        return text.toString();
    }

    private static void answer(Socket client, String text) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static Reason reason(ProbeResult outcome) {
        return outcome instanceof Failed(var reason, var _, var _, var _)
                ? reason
                : org.junit.jupiter.api.Assertions.fail(outcome.toString());
    }

    @Test
    void anEstablishedConnectionPasses() throws Exception {
        assertEquals(Passed.plain(), against(_ -> {}, port -> ProbeKey.of(new TcpCheck(at(port, LONG)))));
    }

    @Test
    void aClosedPortIsRefused() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            port = server.getLocalPort();
        }
        assertEquals(Reason.CONNECT_REFUSED, reason(probe(ProbeKey.of(new TcpCheck(at(port, LONG))))));
    }

    /** Connections are made until the kernel drops the next one's SYN; it is sent again after a second. */
    private static List<Socket> fill(ServerSocket server) throws IOException {
        List<Socket> waiting = new ArrayList<>();
        while (waiting.size() < 20) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 300);
            } catch (SocketTimeoutException _) {
                return waiting;
            }
        }
        throw new AssertionError("the backlog has no end");
    }

    @Test
    void aServerWithoutRoomForAConnectionTimesOut() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            List<Socket> waiting = fill(server);
            ProbeKey key = ProbeKey.of(new TcpCheck(at(server.getLocalPort(), SHORT)));
            assertEquals(Reason.CONNECT_TIMEOUT, reason(probe(key)));
            for (Socket each : waiting) {
                each.close();
            }
        }
    }

    @Test
    void aConnectionEstablishedLongAfterTheFirstPollPasses() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            List<Socket> waiting = fill(server);
            Thread room = Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(300);
                    server.accept().close();
                    server.accept().close();
                } catch (IOException | InterruptedException e) {
                    return;
                }
            });
            ProbeReport report = report(ProbeKey.of(new TcpCheck(at(server.getLocalPort(), LONG))));
            assertEquals(Passed.plain(), report.result());
            assertTrue(report.duration().compareTo(Duration.ofMillis(300)) > 0, () -> "took " + report.duration());
            room.join();
            for (Socket each : waiting) {
                each.close();
            }
        }
    }

    @Test
    void manyAtTheSameTimeAreDistinguished() throws Exception {
        int closed;
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            closed = server.getLocalPort();
        }
        try (ServerSocket server = new ServerSocket(0, 500, LOOPBACK)) {
            List<CompletableFuture<ProbeReport>> reports = new ArrayList<>();
            List<Prober.Start> starts = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                CompletableFuture<ProbeReport> report = new CompletableFuture<>();
                reports.add(report);
                int port = i % 3 == 0 ? closed : server.getLocalPort();
                starts.add(new Prober.Start(ProbeKey.of(new TcpCheck(at(port, LONG))), report::complete));
            }
            PROBER.probe(starts);
            for (int i = 0; i < reports.size(); i++) {
                ProbeResult outcome = reports.get(i).get(30, TimeUnit.SECONDS).result();
                if (i % 3 == 0) {
                    assertEquals(Reason.CONNECT_REFUSED, reason(outcome));
                } else {
                    assertEquals(Passed.plain(), outcome);
                }
            }
        }
    }

    @Test
    void anAddressOfIpv6IsConnectedTo() throws Exception {
        InetAddress six = IpAddresses.ofBytes(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        assumeTrue(NetworkInterface.getByInetAddress(six) != null, "this host has no ::1");
        try (ServerSocket server = new ServerSocket(0, 1, six)) {
            ProbeAddress where = new ProbeAddress(six, server.getLocalPort(), Optional.empty(), 0, "", 0, LONG);
            assertEquals(Passed.plain(), probe(ProbeKey.of(new TcpCheck(where))));
        }
    }

    @Test
    void anAddressThatThisHostLacksIsNoEvidenceAgainstTheServer() throws Exception {
        InetAddress foreign = IpAddresses.ofBytes(new byte[] {(byte) 192, 0, 2, 77});
        ProbeAddress where = new ProbeAddress(LOOPBACK, 9, Optional.of(foreign), 0, "", 0, LONG);
        assertTrue(probe(ProbeKey.of(new TcpCheck(where))) instanceof Inconclusive);
    }

    @Test
    void aGoodAnswerPassesAndTheRequestIsAsWritten() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>("");
        ProbeResult outcome = against(
                client -> {
                    seen.set(request(client));
                    answer(client, "HTTP/1.1 200 OK\r\n\r\nfine");
                },
                port -> http(port, LONG, false));
        assertEquals(Passed.plain(), outcome);
        assertEquals(
                "GET /check HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: example.com\r\n\r\n",
                seen.get());
    }

    @Test
    void aWrongStatusFails() throws Exception {
        ProbeResult outcome = against(
                client -> {
                    String _ = request(client);
                    answer(client, "HTTP/1.1 404 Not Found\r\n\r\n");
                },
                port -> http(port, LONG, false));
        assertEquals(Failed.mismatch(Reason.STATUS, "200", "404"), outcome);
    }

    @Test
    void aServerThatNeverAnswersFailsAtTheDeadline() throws Exception {
        assertEquals(
                Reason.RESPONSE_TIMEOUT,
                reason(against(client -> client.getInputStream().readAllBytes(), port -> http(port, SHORT, false))));
    }

    @Test
    void anEndlessDripEndsAfterTenTimeouts() throws Exception {
        long start = System.nanoTime();
        ProbeResult outcome = against(
                client -> {
                    String _ = request(client);
                    answer(client, "HTTP/1.1 200 OK\r\n\r\n");
                    while (!client.isClosed()) {
                        answer(client, ".");
                        Thread.sleep(50);
                    }
                },
                port -> http(port, Duration.ofMillis(100), false));
        assertEquals(new Failed(Reason.RESPONSE_TIMEOUT, "not finished within 1000 ms (total_timeout)"), outcome);
        assertTrue(System.nanoTime() - start >= Duration.ofSeconds(1).toNanos());
    }

    @Test
    void theTimeoutAppliesToEachRead() throws Exception {
        ProbeResult outcome = against(
                client -> {
                    String _ = request(client);
                    answer(client, "HTTP/1.1 200 OK\r\n\r\n");
                    for (int i = 0; i < 6; i++) {
                        Thread.sleep(200);
                        answer(client, ".");
                    }
                },
                port -> http(port, SHORT, false));
        assertEquals(Passed.plain(), outcome);
    }

    @Test
    void endlessLinesOfSmtpFailAndSoDoesALineThatIsTooLong() throws Exception {
        for (String endless : List.of("220-more\r\n", "x")) {
            ProbeResult outcome = against(
                    client -> {
                        while (!client.isClosed()) {
                            answer(client, endless.repeat(1_000));
                        }
                    },
                    port -> ProbeKey.of(new SmtpCheck(at(port, LONG), "h")));
            String detail = endless.length() > 1 ? "response has more than 100 lines" : "line of more than 512 bytes";
            assertEquals(new Failed(Reason.RESPONSE_BROKEN, detail), outcome);
        }
    }

    @Test
    void anAnswerInPiecesIsPutTogether() throws Exception {
        ProbeResult outcome = against(
                client -> {
                    String _ = request(client);
                    for (String part : List.of("HTTP/1.1 2", "00 OK\r\nContent-Le", "ngth: 4\r", "\n\r\nfi", "ne")) {
                        Thread.sleep(30);
                        answer(client, part);
                    }
                },
                port -> http(port, LONG, false));
        assertEquals(Passed.plain(), outcome);
    }

    @Test
    void aRequestThatFitsIntoNoBufferIsSentWhole() throws Exception {
        String body = "0123456789abcdef".repeat(1 << 20);
        ProbeResult outcome = against(
                client -> {
                    Thread.sleep(200);
                    String head = request(client);
                    byte[] got = client.getInputStream().readNBytes(body.length());
                    boolean whole = body.equals(new String(got, StandardCharsets.US_ASCII));
                    boolean said = head.contains("Content-Length: " + body.length());
                    answer(client, "HTTP/1.1 " + (whole && said ? "200 OK" : "400 Bad Request") + "\r\n\r\n");
                },
                port -> {
                    Url url = new Url(
                            "/",
                            "h",
                            "POST",
                            List.of(),
                            Optional.of(body),
                            false,
                            0,
                            List.of(new StatusRange(200, 200)),
                            Optional.empty(),
                            Optional.empty(),
                            List.of(),
                            Optional.empty());
                    return ProbeKey.of(
                            new HttpCheck(at(port, LONG), Optional.empty(), HttpVersion.V1_1, false, List.of(url)));
                });
        assertEquals(Passed.plain(), outcome);
    }

    @Test
    void aConnectionResetIsAFailure() throws Exception {
        ProbeResult outcome = against(
                client -> {
                    String _ = request(client);
                    client.setSoLinger(true, 0);
                },
                port -> http(port, LONG, false));
        assertEquals(Reason.RESPONSE_BROKEN, reason(outcome));
    }

    @Test
    void plainTextInPlaceOfTlsFails() throws Exception {
        ProbeResult outcome =
                against(client -> answer(client, "220 this is no TLS server\r\n"), port -> http(port, LONG, true));
        assertEquals(Reason.TLS_FAILED, reason(outcome));
    }

    @Test
    void anyCertificateIsGoodEnough() throws Exception {
        assertEquals(Passed.plain(), overTls(HttpVersion.V1_1));
    }

    @Test
    void aServerThatDoesNotSpeakHttp2FailsWithAHint() throws Exception {
        ProbeResult outcome = overTls(HttpVersion.V2);
        assertEquals(Reason.RESPONSE_BROKEN, reason(outcome));
        assertTrue(outcome.toString().contains("; the server does not accept h2 by ALPN"), outcome::toString);
    }

    /** As some proxies do for gRPC: they take HTTP/2 for granted. */
    @Test
    void aServerThatSpeaksHttp2WithoutAgreeingFirstPasses() throws Exception {
        @SuppressWarnings("deprecation") // the certificate of a test
        SelfSignedCertificate certificate = new SelfSignedCertificate("wrong.example");
        SslContext context = SslContextBuilder.forServer(certificate.key(), certificate.cert())
                .build();
        var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            Channel server = new ServerBootstrap()
                    .group(group)
                    .channel(EpollServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel client) {
                            client.pipeline()
                                    .addLast(context.newHandler(client.alloc()))
                                    .addLast(Http2FrameCodecBuilder.forServer().build())
                                    .addLast(new FineOverHttp2());
                        }
                    })
                    .bind(LOOPBACK, 0)
                    .sync()
                    .channel();
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            assertEquals(Passed.plain(), probe(http(port, LONG, true, HttpVersion.V2)));
        } finally {
            Future<?> _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static final class FineOverHttp2 extends SimpleChannelInboundHandler<Http2HeadersFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext client, Http2HeadersFrame request) {
            Future<?> _ =
                    client.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), true)
                            .stream(request.stream()));
        }
    }

    /** A server of HTTP/1.1. */
    private static ProbeResult overTls(HttpVersion version) throws Exception {
        @SuppressWarnings("deprecation") // the certificate of a test
        SelfSignedCertificate certificate = new SelfSignedCertificate("wrong.example");
        SslContext context = SslContextBuilder.forServer(certificate.key(), certificate.cert())
                .build();
        var tls = (io.netty.handler.ssl.JdkSslContext) context;
        try (ServerSocket server = tls.context().getServerSocketFactory().createServerSocket(0, 10, LOOPBACK)) {
            Thread.ofPlatform().daemon().start(() -> {
                try (Socket client = server.accept()) {
                    String _ = request(client);
                    answer(client, "HTTP/1.1 200 OK\r\n\r\nfine");
                } catch (IOException e) {
                    return;
                }
            });
            return probe(http(server.getLocalPort(), LONG, true, version));
        }
    }
}
