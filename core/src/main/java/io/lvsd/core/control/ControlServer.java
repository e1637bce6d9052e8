package io.lvsd.core.control;

import io.lvsd.conf.IoReason;
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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on {@code lvsd.sock}. A request is one line of words, and for some a body; the answer is a line with the exit status
 * and then text to the end. No request carries a path. Each connection has a virtual thread; there are at most 32, of which 4
 * for those who have no rights, and none waits for ever for its peer to write or read.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int MAX_REQUEST = 4096;
    private static final int MAX_BODY = 64 << 20;
    private static final int MAX_CONNECTIONS = 32;
    private static final int MAX_STRANGERS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long RETRY_NANOS = 1_000_000_000L;

    private final ServerSocketChannel server;
    private final Path path;
    private final Handler handler;
    private final Duration patience;
    private final Semaphore connections = new Semaphore(MAX_CONNECTIONS);
    private final Semaphore strangers = new Semaphore(MAX_STRANGERS);

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

    private ControlServer(ServerSocketChannel server, Path path, Handler handler, Duration patience) {
        this.server = server;
        this.path = path;
        this.handler = handler;
        this.patience = patience;
    }

    /**
     * Opens the socket, which everybody may connect to: rights are judged by the peer's credentials.
     *
     * @throws IOException if it cannot be made
     */
    public static ControlServer open(Path path, Handler handler) throws IOException {
        return open(path, handler, PATIENCE);
    }

    /** @param patience for a peer to write its request, and again to read the answer */
    static ControlServer open(Path path, Handler handler, Duration patience) throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        ControlServer control = new ControlServer(server, path, handler, patience);
        Thread.ofPlatform().name("control").daemon().start(control::accept);
        return control;
    }

    private void accept() {
        boolean failing = false;
        while (server.isOpen()) {
            try {
                SocketChannel peer = server.accept();
                failing = false;
                if (connections.tryAcquire()) {
                    var _ = Thread.ofVirtual().name("control-connection").start(() -> serve(peer));
                } else {
                    peer.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                if (!failing) {
                    LOG.warn("event=control.failed reason=\"{}\" effect=\"tried again each second\"", IoReason.of(e));
                }
                failing = true;
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private void serve(SocketChannel peer) {
        try (peer) {
            PeerRights rights = PeerRights.of(peer);
            if (rights != PeerRights.NOTHING) {
                serve(peer, rights);
            } else if (strangers.tryAcquire()) {
                try {
                    serve(peer, rights);
                } finally {
                    strangers.release();
                }
            }
        } catch (IOException e) {
            LOG.debug("control connection", e);
        } finally {
            connections.release();
        }
    }

    private record Request(List<String> words, String body) {}

    private void serve(SocketChannel peer, PeerRights rights) throws IOException {
        Request request = inTime(peer, () -> {
            List<String> words = List.of(readLine(peer).split(" "));
            return new Request(words, rights == PeerRights.NOTHING ? "" : body(peer, words));
        });
        Reply reply = answer(rights, request);
        String text = reply.status() + "\n" + reply.body();
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        inTime(peer, () -> {
            while (bytes.hasRemaining()) {
                peer.write(bytes);
            }
            return bytes;
        });
    }

    private interface Exchange<T> {
        T make() throws IOException;
    }

    /** Closes the connection to a peer that takes too long; then the exchange fails. */
    private <T> T inTime(SocketChannel peer, Exchange<T> exchange) throws IOException {
        Thread watchdog = Thread.ofVirtual().name("control-deadline").start(() -> {
            try {
                Thread.sleep(patience);
                peer.close();
            } catch (InterruptedException _) {
                // It was in time.
            } catch (IOException e) {
                LOG.debug("control connection", e);
            }
        });
        try {
            return exchange.make();
        } finally {
            watchdog.interrupt();
        }
    }

    private Reply answer(PeerRights rights, Request request) {
        List<String> words = request.words();
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
            return handler.handle(words, request.body());
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
