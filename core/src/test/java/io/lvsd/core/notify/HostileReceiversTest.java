package io.lvsd.core.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.NotifyConfig.Fifo;
import io.lvsd.conf.model.NotifyConfig.Mail;
import io.lvsd.conf.model.NotifyConfig.Webhook;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Notification;
import io.lvsd.ipvs.ffm.Libc;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Receivers that reply endlessly, byte by byte, or not at all: each is a failure with bounded memory. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostileReceiversTest {
    /** Bytes that a peer may write before it is disconnected: the limits and the buffers of two sockets. */
    private static final long MOST = 8L << 20;

    private static final long SLOW_MILLIS = 20;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    /** Writes one text once, then another one repeatedly. */
    private static final class Peer implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private final AtomicLong written = new AtomicLong();
        private final byte[] first;
        private final byte[] then;
        private final long pause;

        Peer(String first, String then, long pauseMillis) throws IOException {
            this.first = first.getBytes(StandardCharsets.UTF_8);
            this.then = then.getBytes(StandardCharsets.UTF_8);
            this.pause = pauseMillis;
            Thread.ofPlatform().daemon().start(this::serve);
        }

        int port() {
            return socket.getLocalPort();
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (Socket client = socket.accept()) {
                    Thread.ofPlatform().daemon().start(() -> discard(client));
                    OutputStream out = client.getOutputStream();
                    out.write(first);
                    while (then.length > 0) {
                        out.write(then);
                        written.addAndGet(then.length);
                        TimeUnit.MILLISECONDS.sleep(pause);
                    }
                    var _ = client.getInputStream().read();
                    TimeUnit.MINUTES.sleep(1);
                } catch (IOException _) {
                    // The client has gone.
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        private static void discard(Socket client) {
            try {
                InputStream in = client.getInputStream();
                var _ = in.skip(Long.MAX_VALUE);
            } catch (IOException _) {
                // The client has gone.
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String mail(Peer peer, Duration timeout) {
        Mail config = new Mail(
                List.of("a@example.org"),
                Optional.of("b@example.org"),
                "127.0.0.1",
                peer.port(),
                Optional.of("director"),
                timeout);
        return new Mailer("host").attempt(config, new Notification.Mail("subject", "body"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "x; reply line too long: expected at most 512 bytes",
                "220-more~; replies too long: expected at most 110 lines",
                "~; replies too long: expected at most 110 lines"
            })
    void endlessRepliesOfAMailServerAreCutOff(String endless, String reason) throws Exception {
        String text = endless.replace("~", "\r\n").repeat(1_000);
        try (Peer peer = new Peer("", text, 0)) {
            assertEquals(reason, mail(peer, Duration.ofSeconds(50)));
            assertTrue(peer.written.get() < MOST, peer.written::toString);
        }
    }

    @Test
    void aSlowMailServerIsDisconnectedAfterTenTimeouts() throws Exception {
        try (Peer peer = new Peer("220", "-", SLOW_MILLIS)) {
            assertEquals("timeout: the session took more than 1000 ms in total", mail(peer, Duration.ofMillis(100)));
        }
    }

    @Test
    void aMailServerWithoutReplyIsDisconnectedAfterOneTimeout() throws Exception {
        try (Peer peer = new Peer("", "", 0)) {
            assertEquals("timeout: no reply within 100 ms", mail(peer, Duration.ofMillis(100)));
        }
    }

    @Test
    void repliesOfAMailServerAreLoggedAsOnePrintableLine() throws Exception {
        try (Peer peer = new Peer("554-no\r\n554 event=rs.up \u001b[31m\u202e" + "x".repeat(300) + "\r\n", "", 0)) {
            String failure = mail(peer, Duration.ofSeconds(10));
            assertTrue(
                    failure.startsWith("the server replied: 554-no\\r\\n554 event=rs.up \\x1b[31m\\u202exxx"), failure);
            assertEquals(200, failure.length());
        }
    }

    private static String post(Peer peer, Duration deadline) {
        try (Webhooks webhooks = new Webhooks(deadline)) {
            URI url = URI.create("http://127.0.0.1:" + peer.port() + "/");
            return webhooks.attempt(new Webhook(url, Optional.empty(), Duration.ZERO), new byte[] {'{', '}'});
        }
    }

    @Test
    void anEndlessWebhookResponseIsNotRead() throws Exception {
        for (String head : List.of("Content-Length: 999999999999", "Transfer-Encoding: chunked", "X: y")) {
            String body = head.startsWith("T") ? "1\r\nx\r\n" : "x";
            try (Peer peer = new Peer("HTTP/1.1 200 OK\r\n" + head + "\r\n\r\n", body.repeat(10_000), 0)) {
                assertEquals("", post(peer, Duration.ofSeconds(30)), "its status counts");
                assertTrue(peer.written.get() < MOST, peer.written::toString);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "HTTP/1.1 200 OK~; A: b~",
                "HTTP/1.1 200 OK~A: ; b",
                "HTTP/1.1 ; 2",
                "''; x",
                "''; HTTP/1.1 100 Continue~~"
            })
    void aWebhookWithAnEndlessHeaderFails(String first, String then) throws Exception {
        try (Peer peer =
                new Peer(first.replace("~", "\r\n"), then.replace("~", "\r\n").repeat(5_000), 0)) {
            String failure = post(peer, Duration.ofSeconds(5));
            assertTrue(!failure.isEmpty() && failure.length() <= 200, failure);
            assertTrue(peer.written.get() < MOST, peer.written::toString);
        }
    }

    @Test
    void aSlowWebhookFailsAtTheDeadline() throws Exception {
        for (String drip : List.of(".", "")) {
            try (Peer peer = new Peer("HTTP/1.1 200 OK\r\nA: ", drip, SLOW_MILLIS)) {
                String failure = post(peer, Duration.ofMillis(500));
                assertTrue(
                        failure.equals("timeout: no response within 500 ms") || failure.equals("request timed out"),
                        failure);
            }
        }
    }

    @Test
    void aSlowResponseBodyCausesNoDelay() throws Exception {
        try (Peer peer = new Peer("HTTP/1.1 500 no\r\n\r\n", ".", SLOW_MILLIS)) {
            assertEquals("status 500", post(peer, Duration.ofSeconds(50)));
        }
    }

    @Test
    void responsesOfAWebhookAreLoggedAsOnePrintableLine() throws Exception {
        String forged = "HTTP/1.1 5\u001b0 x\u202e" + "y".repeat(300) + "\r\n\r\n";
        try (Peer peer = new Peer(forged, "", 0)) {
            String failure = post(peer, Duration.ofSeconds(30));
            assertTrue(failure.length() <= 200 && failure.chars().allMatch(c -> c >= ' ' && c != '\u202e'), failure);
        }
        try (Peer peer = new Peer("HTTP/1.1 503 x\r\nevent=rs.up: \u001b\r\n\r\n", "", 0)) {
            String failure = post(peer, Duration.ofSeconds(30));
            assertTrue(failure.chars().allMatch(c -> c >= ' '), failure);
        }
    }

    @Test
    void checkDetailsAreOnePrintableLineInAWebhook() {
        String forged = "no\u001b[2J\u202e\r\nevent=rs.down \"";
        var failed =
                new io.lvsd.checkers.probe.ProbeResult.Failed(io.lvsd.checkers.probe.ProbeResult.Reason.ANSWER, forged);
        DaemonEvent transition = DaemonEvent.of(DaemonEvent.Level.WARN, "rs.down", "reason", failed.detail());
        String json = Webhooks.json(
                "one", new Webhooks.Posting(transition, java.time.OffsetDateTime.parse("2020-01-01T00:00:00Z")));
        assertEquals(
                "{\"time\":\"2020-01-01T00:00Z\",\"director\":\"one\",\"event\":\"rs.down\",\"level\":\"warn\","
                        + "\"reason\":\"no\\\\x1b[2J\\\\u202e\\\\r\\\\nevent=rs.down \\\"\"}",
                json);
    }

    /** Lines are dropped when the pipe is full, without blocking. */
    @Test
    void aFifoWithoutReaderDropsLines() throws Exception {
        Path path = directory.resolve("fifo");
        assertEquals(0, Libc.mkfifo(path.toString(), 0600));
        Fifos fifos = new Fifos(new io.lvsd.checkers.script.ScriptProcesses(), new Deliveries());
        FutureTask<Void> writing = new FutureTask<>(
                () -> {
                    fifos.configure(List.of(new Fifo(path, Optional.empty(), Optional.empty())));
                    for (int i = 0; i < 10_000; i++) {
                        fifos.write("VS [192.0.2.1]:tcp:80 DOWN " + "x".repeat(100));
                    }
                    fifos.closeAll();
                },
                null);
        Thread.ofPlatform().daemon().start(writing);
        writing.get(50, TimeUnit.SECONDS);
    }
}
