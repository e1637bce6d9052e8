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
    private static final int PLACES = 32;

    @TempDir
    private Path directory;

    private static final ControlServer.Handler ECHO = new ControlServer.Handler() {
        @Override
        public boolean changes(List<String> words) {
            return false;
        }

        @Override
        public Reply handle(List<String> words, String body) {
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
                    new Reply(2, "ä body\n"), ControlClient.ask(socket, "plan", "ä body\n", ControlClient.TIMEOUT));
        }
    }

    /** Half of them say nothing, the others do not read their answer; each has taken a place. */
    @Test
    void peersThatNeitherWriteNorReadAreLetGo() throws Exception {
        Path socket = directory.resolve("s");
        List<SocketChannel> idle = new ArrayList<>();
        try (ControlServer _ = ControlServer.open(socket, ECHO, Duration.ofMillis(500))) {
            for (int i = 0; i < PLACES; i++) {
                SocketChannel peer = connect(socket);
                idle.add(peer);
                if (i % 2 == 0) {
                    peer.write(ByteBuffer.wrap("status\n".getBytes(StandardCharsets.UTF_8)));
                }
            }
            assertEquals("", awaitAnswer(socket));
        } finally {
            for (SocketChannel peer : idle) {
                peer.close();
            }
        }
    }

    @Test
    void aBodyThatIsLargeAgainstTheHeapIsRefusedWithTheRemedy() throws IOException {
        Path socket = directory.resolve("s");
        try (ControlServer _ = ControlServer.open(socket, ECHO, Duration.ofSeconds(5), 1000)) {
            Reply reply = ControlClient.ask(socket, "plan", "y".repeat(1001), ControlClient.TIMEOUT);
            assertEquals(1, reply.status());
            assertTrue(reply.body().contains("LVSD_HEAP_MIB="), reply::body);
            assertEquals(
                    2,
                    ControlClient.ask(socket, "plan", "y".repeat(1000), ControlClient.TIMEOUT)
                            .status());
        }
    }

    @Test
    void bodiesOfSeveralConnectionsShareOneLimit() throws Exception {
        Path socket = directory.resolve("s");
        try (ControlServer server = ControlServer.open(socket, ECHO, Duration.ofSeconds(30), 1000);
                SocketChannel half = connect(socket)) {
            half.write(ByteBuffer.wrap(("plan 900\n" + "y".repeat(899)).getBytes(StandardCharsets.UTF_8)));
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (server.freeBodyBytes() == 1000 && System.nanoTime() - end < 0) {
                Thread.sleep(10);
            }
            Reply refused = ControlClient.ask(socket, "plan", "y".repeat(200), ControlClient.TIMEOUT);
            assertTrue(refused.body().contains("busy"), refused::body);
            assertEquals(
                    2,
                    ControlClient.ask(socket, "plan", "y".repeat(100), ControlClient.TIMEOUT)
                            .status());
        }
    }

    @Test
    void anEndlessRequestLineIsRefused() throws IOException {
        Path socket = directory.resolve("s");
        try (ControlServer _ = ControlServer.open(socket, ECHO)) {
            Reply reply = ControlClient.ask(socket, "y".repeat(100_000), ControlClient.TIMEOUT);
            assertEquals(1, reply.status());
            assertTrue(reply.body().contains("4096 characters"), reply::body);
        }
    }

    @Test
    void aClientTellsNoAnswerFromNoDaemon() throws IOException {
        Path socket = directory.resolve("s");
        IOException none =
                assertThrows(IOException.class, () -> ControlClient.ask(socket, "status", Duration.ofMillis(200)));
        assertTrue(String.valueOf(none.getMessage()).startsWith("no daemon listens"), none::getMessage);
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(socket));
            IOException mute =
                    assertThrows(IOException.class, () -> ControlClient.ask(socket, "status", Duration.ofMillis(200)));
            assertTrue(String.valueOf(mute.getMessage()).startsWith("no answer"), mute::getMessage);
        }
    }

    /** Why there is none in a long time; empty if there is one. */
    private static String awaitAnswer(Path socket) throws InterruptedException {
        String trouble = "";
        for (int i = 0; i < 200; i++) {
            try {
                Reply _ = ControlClient.ask(socket, "status", "y", ControlClient.TIMEOUT);
                return "";
            } catch (IOException e) {
                trouble = e.toString();
                Thread.sleep(100);
            }
        }
        return trouble;
    }
}
