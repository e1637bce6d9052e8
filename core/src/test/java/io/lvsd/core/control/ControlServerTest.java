package io.lvsd.core.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
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
            assertEquals(new Reply(2, "ä body\n"), ControlClient.ask(socket, "plan", "ä body\n"));
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

    /** Why there is none in a long time; empty if there is one. */
    private static String awaitAnswer(Path socket) throws InterruptedException {
        String trouble = "";
        for (int i = 0; i < 200; i++) {
            try {
                Reply _ = ControlClient.ask(socket, "status", "y");
                return "";
            } catch (IOException e) {
                trouble = e.toString();
                Thread.sleep(100);
            }
        }
        return trouble;
    }
}
