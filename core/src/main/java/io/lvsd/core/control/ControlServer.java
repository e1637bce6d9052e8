package io.lvsd.core.control;

import io.lvsd.conf.source.IoReason;
import io.lvsd.core.control.RequestReader.Request;
import io.lvsd.core.log.LastingFailure;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on {@code lvsd.sock}. A request is one line of words, for some requests followed by a body; the reply is a line with
 * the exit status, then text up to the end of the connection. No request contains a path. Each connection has a virtual thread,
 * a limited number of connections is accepted for each access right, and reading and writing have deadlines.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int MAX_CONNECTIONS = 32;
    private static final int MAX_UNPRIVILEGED_CONNECTIONS = 4;
    /** Connections of peers with read access; the rest is reserved for administrators. */
    private static final int MAX_READERS = 16;
    /** Replies prepared or sent at the same time, for each access right: a reply can be as large as the table. */
    private static final int MAX_REPLIES = 4;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long RETRY_NANOS = 1_000_000_000L;

    private final ServerSocketChannel server;
    private final Path path;
    private final Handler handler;
    private final PeerDeadline deadline;
    private final RequestReader reader;
    private final Semaphore connections = new Semaphore(MAX_CONNECTIONS);
    private final Map<PeerRights, Semaphore> connectionPermits = Map.of(
            PeerRights.NONE, new Semaphore(MAX_UNPRIVILEGED_CONNECTIONS),
            PeerRights.READ, new Semaphore(MAX_READERS),
            PeerRights.WRITE, new Semaphore(MAX_CONNECTIONS));
    private final Map<PeerRights, Semaphore> replyPermits = Map.of(
            PeerRights.NONE, new Semaphore(MAX_REPLIES),
            PeerRights.READ, new Semaphore(MAX_REPLIES),
            PeerRights.WRITE, new Semaphore(MAX_REPLIES));

    /** Carries out requests. */
    public interface Handler {
        /** Whether a request changes state, so that it requires write access. */
        boolean changes(List<String> words);

        /**
         * Carries out a request. May block.
         *
         * @param body follows the line if its second word is a number, its length in bytes; else empty
         * @param user name of the peer
         */
        Reply handle(List<String> words, String body, String user);
    }

    private ControlServer(
            ServerSocketChannel server, Path path, Handler handler, PeerDeadline deadline, RequestReader reader) {
        this.server = server;
        this.path = path;
        this.handler = handler;
        this.deadline = deadline;
        this.reader = reader;
    }

    /**
     * Opens the socket. Every user may connect; the credentials of the peer decide its access rights.
     *
     * @throws IOException if the socket cannot be created
     */
    public static ControlServer open(Path path, Handler handler) throws IOException {
        return open(path, handler, TIMEOUT);
    }

    /** @param timeout for a peer to write its request, and again to read the reply */
    static ControlServer open(Path path, Handler handler, Duration timeout) throws IOException {
        return open(path, handler, timeout, RequestReader.ofHeap());
    }

    static ControlServer open(Path path, Handler handler, Duration timeout, RequestReader reader) throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        ControlServer control = new ControlServer(server, path, handler, new PeerDeadline(timeout), reader);
        Thread.ofPlatform().name("control").daemon().start(control::accept);
        return control;
    }

    private void accept() {
        LastingFailure failure = new LastingFailure();
        while (server.isOpen()) {
            try {
                acceptOne();
                if (failure.isActive()) {
                    failure.recovered(LOG.atInfo()).log("control_accept.recovered");
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                if (failure.failed()) {
                    LOG.atWarn()
                            .addKeyValue("reason", IoReason.of(e))
                            .addKeyValue("effect", "retried every second")
                            .log("control_accept.failed");
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private void acceptOne() throws IOException {
        SocketChannel peer = server.accept();
        if (connections.tryAcquire()) {
            startThread(peer);
        } else {
            peer.close();
        }
    }

    /** The first virtual threads create their carrier threads, which fails if this host has no threads left. */
    private void startThread(SocketChannel peer) throws IOException {
        try {
            var _ = Thread.ofVirtual().name("control-connection").start(() -> serve(peer));
        } catch (OutOfMemoryError e) {
            connections.release();
            peer.close();
            throw new IOException("no thread can be created: " + e.getMessage(), e);
        }
    }

    private void serve(SocketChannel peer) {
        try (peer) {
            Peer credentials = Peer.of(peer);
            Semaphore permits = Objects.requireNonNull(connectionPermits.get(credentials.rights()));
            if (permits.tryAcquire()) {
                try {
                    serve(peer, credentials);
                } finally {
                    permits.release();
                }
            }
        } catch (IOException e) {
            LOG.debug("control connection", e);
        } finally {
            connections.release();
        }
    }

    private void serve(SocketChannel peer, Peer credentials) throws IOException {
        Request request = deadline.limit(peer, () -> reader.read(peer, credentials.rights()));
        Semaphore permits = Objects.requireNonNull(replyPermits.get(credentials.rights()));
        boolean acquired = false;
        try {
            acquired = permits.tryAcquire(deadline.timeout().toMillis(), TimeUnit.MILLISECONDS);
            Reply reply = acquired
                    ? reply(credentials, request)
                    : new Reply(1, "the daemon is busy with other requests: try again\n");
            write(peer, reply);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reader.release(request);
            if (acquired) {
                permits.release();
            }
        }
    }

    private void write(SocketChannel peer, Reply reply) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((reply.status() + "\n" + reply.body()).getBytes(StandardCharsets.UTF_8));
        deadline.limit(peer, () -> {
            while (bytes.hasRemaining()) {
                peer.write(bytes);
            }
            return bytes;
        });
    }

    private Reply reply(Peer peer, Request request) {
        PeerRights rights = peer.rights();
        if (!request.refusal().isEmpty() && rights != PeerRights.NONE) {
            return new Reply(1, request.refusal());
        }
        List<String> words = request.words();
        boolean changes = handler.changes(words);
        if (rights == PeerRights.NONE || (changes && rights == PeerRights.READ)) {
            return new Reply(
                    1,
                    "permission denied: this request requires root or membership in group "
                            + (changes ? "lvsd-admin" : "lvsd or lvsd-admin") + "\n");
        }
        try {
            return handler.handle(words, request.body(), peer.user());
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("request", words).setCause(e).log("control_request.failed");
            return new Reply(1, "internal error: " + IoReason.of(e) + "; the log of the daemon has the details\n");
        }
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
