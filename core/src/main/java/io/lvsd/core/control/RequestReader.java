package io.lvsd.core.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Reads requests. The length of a request line is limited; the bodies of all connections together share one limit. Thread-safe;
 * blocks.
 */
final class RequestReader {
    private static final int MAX_LINE = 4096;
    /** A request line that is too long is read and ignored up to this number of further bytes. */
    private static final int MAX_DISCARDED = 1 << 20;

    /** Fraction of the heap that the bodies of all connections may use: each needs about four times its size. */
    private static final int BODY_SHARE = 16;

    private static final int CHUNK = 8192;
    private static final long MIB = 1L << 20;

    private final int maxBody;
    private final Semaphore bodyBytes;

    /** @param maxBody limit for the bodies of all connections together, in bytes */
    RequestReader(int maxBody) {
        this.maxBody = maxBody;
        this.bodyBytes = new Semaphore(maxBody);
    }

    /** With a limit that suits the heap. */
    static RequestReader ofHeap() {
        return new RequestReader((int) Math.min(Runtime.getRuntime().maxMemory() / BODY_SHARE, 64 * MIB));
    }

    /**
     * A request that was read.
     *
     * @param reserved bytes of the body limit; to be returned with {@link #release}
     * @param refusal why it cannot be carried out; empty if it can
     */
    record Request(List<String> words, String body, int reserved, String refusal) {}

    /** Bytes that further bodies may have now. */
    int freeBodyBytes() {
        return bodyBytes.availablePermits();
    }

    void release(Request request) {
        bodyBytes.release(request.reserved());
    }

    /** Reads the line, and the body if there is one and the peer has access rights. */
    Request read(SocketChannel peer, PeerRights rights) throws IOException {
        Optional<String> line = readLine(peer);
        if (line.isEmpty()) {
            return new Request(List.of(""), "", 0, "the request line has more than " + MAX_LINE + " characters\n");
        }
        List<String> words = List.of(line.get().split(" "));
        if (rights == PeerRights.NONE || words.size() < 2 || !words.get(1).matches("\\d{1,10}")) {
            return new Request(words, "", 0, "");
        }
        return withBody(peer, words, Long.parseLong(words.get(1)));
    }

    private Request withBody(SocketChannel peer, List<String> words, long length) throws IOException {
        if (length > maxBody) {
            discard(peer, length);
            return new Request(words, "", 0, tooLarge(length));
        }
        int reserved = (int) length;
        if (!bodyBytes.tryAcquire(reserved)) {
            discard(peer, length);
            return new Request(words, "", 0, "the daemon is busy with other large requests: try again\n");
        }
        try {
            String body = new String(Channels.newInputStream(peer).readNBytes(reserved), StandardCharsets.UTF_8);
            return new Request(words, body, reserved, "");
        } catch (IOException | RuntimeException e) {
            bodyBytes.release(reserved);
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

    /** Reads a body without keeping it: the peer reads the reply only after it has written its request. */
    private static void discard(SocketChannel peer, long length) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (long left = Math.min(length, 64 * MIB); left > 0; ) {
            int read = peer.read(chunk.clear());
            left = read < 0 ? 0 : left - read;
        }
    }

    /** A line without its end; empty if it is too long. */
    private static Optional<String> readLine(SocketChannel peer) throws IOException {
        InputStream in = Channels.newInputStream(peer);
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (line.length() == MAX_LINE) {
                // The peer reads the reply only after it has written its line; closing earlier would discard the reply.
                for (int rest = 0; rest < MAX_DISCARDED && b >= 0 && b != '\n'; rest++) {
                    b = in.read();
                }
                return Optional.empty();
            }
            line.append((char) b);
        }
        return Optional.of(line.toString());
    }
}
