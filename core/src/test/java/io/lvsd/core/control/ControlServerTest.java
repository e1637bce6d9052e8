package io.lvsd.core.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlServerTest {
    private static final int CONNECTIONS = 32;

    @TempDir
    private Path directory;

    private static final ControlServer.Handler ECHO = new ControlServer.Handler() {
        @Override
        public boolean changes(List<String> words) {
            return false;
        }

        @Override
        public Reply handle(List<String> words, String body, String user) {
            return new Reply(words.size(), body.isEmpty() ? "x".repeat(1 << 20) : body);
        }
    };

    private static SocketChannel connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
    }

    @Test
    void aRequestHasWordsAndABody() throws IOException {
        Path socket = directory.resolve("s");
        try (ControlServer _ = ControlServer.open(socket, ECHO)) {
            assertEquals(
                    new Reply(2, "ä body\n"), ControlClient.request(socket, "plan", "ä body\n", ControlClient.TIMEOUT));
        }
    }

    /** Half of the peers write nothing, the others do not read their reply; together they use all permits. */
    @Test
    void peersThatNeitherWriteNorReadAreDisconnected() throws Exception {
        Path socket = directory.resolve("s");
        List<SocketChannel> idle = new ArrayList<>();
        try (ControlServer _ = ControlServer.open(socket, ECHO, Duration.ofMillis(500))) {
            for (int i = 0; i < CONNECTIONS; i++) {
                SocketChannel peer = connect(socket);
                idle.add(peer);
                if (i % 2 == 0) {
                    peer.write(ByteBuffer.wrap("status\n".getBytes(StandardCharsets.UTF_8)));
                }
            }
            assertEquals("", awaitReply(socket));
        } finally {
            for (SocketChannel peer : idle) {
                peer.close();
            }
        }
    }

    @Test
    void aBodyThatIsLargeAgainstTheHeapIsRefusedWithARemedy() throws IOException {
        Path socket = directory.resolve("s");
        try (ControlServer _ = ControlServer.open(socket, ECHO, Duration.ofSeconds(5), new RequestReader(1000))) {
            Reply reply = ControlClient.request(socket, "plan", "y".repeat(1001), ControlClient.TIMEOUT);
            assertEquals(1, reply.status());
            assertTrue(reply.body().contains("LVSD_HEAP_MIB="), reply::body);
            assertEquals(
                    2,
                    ControlClient.request(socket, "plan", "y".repeat(1000), ControlClient.TIMEOUT)
                            .status());
        }
    }

    @Test
    void bodiesOfSeveralConnectionsShareOneLimit() throws Exception {
        Path socket = directory.resolve("s");
        RequestReader reader = new RequestReader(1000);
        try (ControlServer _ = ControlServer.open(socket, ECHO, Duration.ofSeconds(30), reader);
                SocketChannel half = connect(socket)) {
            half.write(ByteBuffer.wrap(("plan 900\n" + "y".repeat(899)).getBytes(StandardCharsets.UTF_8)));
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (reader.freeBodyBytes() == 1000 && System.nanoTime() - end < 0) {
                Thread.sleep(10);
            }
            Reply refused = ControlClient.request(socket, "plan", "y".repeat(200), ControlClient.TIMEOUT);
            assertTrue(refused.body().contains("busy"), refused::body);
            assertEquals(
                    2,
                    ControlClient.request(socket, "plan", "y".repeat(100), ControlClient.TIMEOUT)
                            .status());
        }
    }

    @Test
    void anEndlessRequestLineIsRefused() throws IOException {
        Path socket = directory.resolve("s");
        try (ControlServer _ = ControlServer.open(socket, ECHO)) {
            Reply reply = ControlClient.request(socket, "y".repeat(100_000), ControlClient.TIMEOUT);
            assertEquals(1, reply.status());
            assertTrue(reply.body().contains("4096 characters"), reply::body);
        }
    }

    @Test
    void aClientDistinguishesNoReplyFromNoDaemon() throws IOException {
        Path socket = directory.resolve("s");
        IOException none =
                assertThrows(IOException.class, () -> ControlClient.request(socket, "status", Duration.ofMillis(200)));
        assertTrue(String.valueOf(none.getMessage()).startsWith("no daemon listens"), none::getMessage);
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(socket));
            IOException timeout = assertThrows(
                    IOException.class, () -> ControlClient.request(socket, "status", Duration.ofMillis(200)));
            assertTrue(String.valueOf(timeout.getMessage()).startsWith("timeout: no reply"), timeout::getMessage);
        }
    }

    /** Repeats a request until it succeeds. Returns the last error, or an empty text. */
    private static String awaitReply(Path socket) throws InterruptedException {
        String error = "";
        for (int i = 0; i < 200; i++) {
            try {
                Reply _ = ControlClient.request(socket, "status", "y", ControlClient.TIMEOUT);
                return "";
            } catch (IOException e) {
                error = e.toString();
                Thread.sleep(100);
            }
        }
        return error;
    }
}
