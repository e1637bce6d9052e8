package io.lvsd.core.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on {@code lvsd.sock}. A request is one line of words, and for some a body; the answer is a line with the exit status and then text to
 * the end. No request carries a path. Each connection has a virtual thread; there are at most 32.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int MAX_REQUEST = 4096;
    private static final int MAX_BODY = 64 << 20;
    private static final int MAX_CONNECTIONS = 32;

    private final ServerSocketChannel server;
    private final Path path;
    private final Handler handler;
    private final Semaphore connections = new Semaphore(MAX_CONNECTIONS);

    /** Carries out requests. */
    public interface Handler {
        /** Whether these words change anything, so that reading rights are not enough. */
        boolean changes(List<String> words);

        /**
         * Carries out a request. May block.
         *
         * @param body what follows the line, if its second word is a number: so many bytes
         */
        Reply handle(List<String> words, String body);
    }

    private ControlServer(ServerSocketChannel server, Path path, Handler handler) {
        this.server = server;
        this.path = path;
        this.handler = handler;
    }

    /**
     * Opens the socket, which everybody may connect to: rights are judged by the peer's credentials.
     *
     * @throws IOException if it cannot be made
     */
    public static ControlServer open(Path path, Handler handler) throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        ControlServer control = new ControlServer(server, path, handler);
        Thread.ofPlatform().name("control").daemon().start(control::accept);
        return control;
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel peer = server.accept();
                if (connections.tryAcquire()) {
                    var _ = Thread.ofVirtual().name("control-connection").start(() -> serve(peer));
                } else {
                    peer.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("event=control.failed reason=\"{}\"", e.getMessage());
            }
        }
    }

    private void serve(SocketChannel peer) {
        try (peer) {
            Reply reply = answer(peer);
            String text = reply.status() + "\n" + reply.body();
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                peer.write(bytes);
            }
        } catch (IOException e) {
            LOG.debug("control connection", e);
        } finally {
            connections.release();
        }
    }

    private Reply answer(SocketChannel peer) throws IOException {
        PeerRights rights = PeerRights.of(peer);
        List<String> words = List.of(readLine(peer).split(" "));
        boolean changes = handler.changes(words);
        if (rights == PeerRights.NOTHING || (changes && rights == PeerRights.READ)) {
            return new Reply(
                    1,
                    "denied: "
                            + (changes
                                    ? "only root and group lvsd-admin may do this"
                                    : "only root and groups lvsd-admin and lvsd may ask")
                            + "\n");
        }
        try {
            return handler.handle(words, body(peer, words));
        } catch (RuntimeException e) {
            LOG.error("event=control.failed request={}", words, e);
            return new Reply(1, "the daemon failed: " + e.getMessage() + "\n");
        }
    }

    private static String body(SocketChannel peer, List<String> words) throws IOException {
        if (words.size() < 2 || !words.get(1).matches("\\d{1,8}")) {
            return "";
        }
        int length = Math.min(Integer.parseInt(words.get(1)), MAX_BODY);
        return new String(Channels.newInputStream(peer).readNBytes(length), StandardCharsets.UTF_8);
    }

    private static String readLine(SocketChannel peer) throws IOException {
        var in = Channels.newInputStream(peer);
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n' && line.length() < MAX_REQUEST; b = in.read()) {
            line.append((char) b);
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.debug("control socket", e);
        }
    }
}
