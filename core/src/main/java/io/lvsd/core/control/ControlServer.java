package io.lvsd.core.control;

import io.lvsd.conf.source.IoReason;
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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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
    /** Of a request line that is too long: so many bytes more are read and ignored. */
    private static final int MAX_DISCARDED = 1 << 20;

    /** The part of the heap that the bodies of all connections together may take: each is held about four times. */
    private static final int BODY_SHARE = 16;

    private static final int CHUNK = 8192;
    private static final int MAX_CONNECTIONS = 32;
    private static final int MAX_STRANGERS = 4;
    /** Of peers that may only read, so that there is room for administrators. */
    private static final int MAX_READERS = 16;
    /** Answers being made or sent at the same time, for each access right: an answer can be as large as the table. */
    private static final int MAX_ANSWERS = 4;

    private static final long MIB = 1L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long RETRY_NANOS = 1_000_000_000L;

    private final ServerSocketChannel server;
    private final Path path;
    private final Handler handler;
    private final Duration patience;
    private final Semaphore connections = new Semaphore(MAX_CONNECTIONS);
    private final Map<PeerRights, Semaphore> places = Map.of(
            PeerRights.NOTHING, new Semaphore(MAX_STRANGERS),
            PeerRights.READ, new Semaphore(MAX_READERS),
            PeerRights.WRITE, new Semaphore(MAX_CONNECTIONS));
    private final Map<PeerRights, Semaphore> answers = Map.of(
            PeerRights.NOTHING, new Semaphore(MAX_ANSWERS),
            PeerRights.READ, new Semaphore(MAX_ANSWERS),
            PeerRights.WRITE, new Semaphore(MAX_ANSWERS));
    private final int maxBody;
    private final Semaphore bodyBytes;

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

    private ControlServer(ServerSocketChannel server, Path path, Handler handler, Duration patience, int maxBody) {
        this.server = server;
        this.path = path;
        this.handler = handler;
        this.patience = patience;
        this.maxBody = maxBody;
        this.bodyBytes = new Semaphore(maxBody);
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
        return open(path, handler, patience, (int) Math.min(Runtime.getRuntime().maxMemory() / BODY_SHARE, 64 * MIB));
    }

    /** @param maxBody bytes that the bodies of all connections together may have */
    static ControlServer open(Path path, Handler handler, Duration patience, int maxBody) throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        ControlServer control = new ControlServer(server, path, handler, patience, maxBody);
        Thread.ofPlatform().name("control").daemon().start(control::accept);
        return control;
    }

    /** Bytes that further request bodies may have at this moment. */
    int freeBodyBytes() {
        return bodyBytes.availablePermits();
    }

    private void accept() {
        boolean failing = false;
        while (server.isOpen()) {
            try {
                SocketChannel peer = server.accept();
                failing = false;
                if (connections.tryAcquire()) {
                    begin(peer);
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

    /** The first virtual threads create the threads that carry them; this host may have none left. */
    private void begin(SocketChannel peer) throws IOException {
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
            PeerRights rights = PeerRights.of(peer);
            Semaphore place = Objects.requireNonNull(places.get(rights));
            if (place.tryAcquire()) {
                try {
                    serve(peer, rights);
                } finally {
                    place.release();
                }
            }
        } catch (IOException e) {
            LOG.debug("control connection", e);
        } finally {
            connections.release();
        }
    }

    /**
     * A request that was read.
     *
     * @param held bytes of {@link #bodyBytes} that it holds
     * @param refusal why it cannot be carried out; empty if it can
     */
    private record Request(List<String> words, String body, int held, String refusal) {}

    private void serve(SocketChannel peer, PeerRights rights) throws IOException {
        Request request = inTime(peer, () -> read(peer, rights));
        Semaphore answer = Objects.requireNonNull(answers.get(rights));
        boolean free = false;
        try {
            free = answer.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
            Reply reply = free
                    ? answer(rights, request)
                    : new Reply(1, "the daemon is busy with other requests: try again\n");
            ByteBuffer bytes = ByteBuffer.wrap((reply.status() + "\n" + reply.body()).getBytes(StandardCharsets.UTF_8));
            inTime(peer, () -> {
                while (bytes.hasRemaining()) {
                    peer.write(bytes);
                }
                return bytes;
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            bodyBytes.release(request.held());
            if (free) {
                answer.release();
            }
        }
    }

    private Request read(SocketChannel peer, PeerRights rights) throws IOException {
        Optional<String> line = readLine(peer);
        if (line.isEmpty()) {
            return new Request(List.of(""), "", 0, "the request line has more than " + MAX_REQUEST + " characters\n");
        }
        List<String> words = List.of(line.get().split(" "));
        if (rights == PeerRights.NOTHING || words.size() < 2 || !words.get(1).matches("\\d{1,10}")) {
            return new Request(words, "", 0, "");
        }
        return withBody(peer, words, Long.parseLong(words.get(1)));
    }

    /** Nothing of a body that is too large is kept. */
    private Request withBody(SocketChannel peer, List<String> words, long length) throws IOException {
        if (length > maxBody) {
            discard(peer, length);
            return new Request(words, "", 0, tooLarge(length));
        }
        int held = (int) length;
        if (!bodyBytes.tryAcquire(held)) {
            discard(peer, length);
            return new Request(words, "", 0, "the daemon is busy with other large requests: try again\n");
        }
        try {
            String body = new String(Channels.newInputStream(peer).readNBytes(held), StandardCharsets.UTF_8);
            return new Request(words, body, held, "");
        } catch (IOException | RuntimeException e) {
            bodyBytes.release(held);
            throw e;
        }
    }

    private String tooLarge(long length) {
        long heap = Runtime.getRuntime().maxMemory() / MIB;
        return String.format(
                Locale.ROOT,
                "the request has %d KiB; this daemon accepts at most %d KiB with its heap of %d MiB: restart it with"
                        + " LVSD_HEAP_MIB=%d or more in its environment\n",
                (length + 1023) / 1024,
                maxBody / 1024,
                heap,
                Math.max(heap + 1, (length * BODY_SHARE + MIB - 1) / MIB));
    }

    private void discard(SocketChannel peer, long length) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (long left = Math.min(length, 64 * MIB); left > 0; ) {
            int read = peer.read(chunk.clear());
            left = read < 0 ? 0 : left - read;
        }
    }

    private interface Exchange<T> {
        T make() throws IOException;
    }

    /** Closes the connection to a peer that takes too long; then the exchange fails. */
    private <T> T inTime(SocketChannel peer, Exchange<T> exchange) throws IOException {
        Thread watchdog = watch(peer);
        try {
            return exchange.make();
        } finally {
            watchdog.interrupt();
        }
    }

    private Thread watch(SocketChannel peer) throws IOException {
        try {
            return Thread.ofVirtual().name("control-deadline").start(() -> {
                try {
                    Thread.sleep(patience);
                    peer.close();
                } catch (InterruptedException _) {
                    // It was in time.
                } catch (IOException e) {
                    LOG.debug("control connection", e);
                }
            });
        } catch (OutOfMemoryError e) {
            throw new IOException("no thread can be created: " + e.getMessage(), e);
        }
    }

    private Reply answer(PeerRights rights, Request request) {
        if (!request.refusal().isEmpty() && rights != PeerRights.NOTHING) {
            return new Reply(1, request.refusal());
        }
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
            return new Reply(1, "the daemon failed: " + IoReason.of(e) + "\n");
        }
    }

    /** A line without its end; empty if it is too long. */
    private static Optional<String> readLine(SocketChannel peer) throws IOException {
        var in = Channels.newInputStream(peer);
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (line.length() == MAX_REQUEST) {
                // The peer reads the answer only after it has written its line; closing earlier would discard the
                // answer.
                for (int rest = 0; rest < MAX_DISCARDED && b >= 0 && b != '\n'; rest++) {
                    b = in.read();
                }
                return Optional.empty();
            }
            line.append((char) b);
        }
        return Optional.of(line.toString());
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
