package io.lvsd.checkers.protocol;

import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Decompresses a body as it arrives (gzip, RFC 1952; deflate, RFC 1950 or 1951), a few KiB at a time. */
final class Inflation implements AutoCloseable {
    private static final int PIECE = 8 * 1024;
    /** Bytes within which the header of gzip must end. */
    private static final int MAX_HEAD = 4 * 1024;

    private static final int FIXED_HEAD = 10;
    /** CRC and length behind each member. */
    private static final int TRAILER = 8;

    private static final int FHCRC = 2;
    private static final int FEXTRA = 4;
    private static final int FNAME = 8;
    private static final int FCOMMENT = 16;

    private final boolean gzip;
    private final Chunks.Sink sink;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private Optional<Inflater> inflater = Optional.empty();
    private int trailerLeft;
    private boolean ended;

    Inflation(boolean gzip, Chunks.Sink sink) {
        this.gzip = gzip;
        this.sink = sink;
    }

    Optional<Failed> feed(byte[] bytes, int from, int length) {
        int at = from;
        int end = from + length;
        while (at < end && !ended) {
            if (inflater.isPresent() && !inflater.get().finished()) {
                Inflater running = inflater.get();
                Optional<Failed> failure = inflate(running, bytes, at, end - at);
                if (failure.isPresent()) {
                    return failure;
                }
                at = end - running.getRemaining();
                trailerLeft = TRAILER;
                ended = running.finished() && !gzip;
            } else if (inflater.isPresent() && trailerLeft > 0) {
                int skipped = Math.min(trailerLeft, end - at);
                trailerLeft -= skipped;
                at += skipped;
            } else {
                head.write(bytes, at, end - at);
                return begin(head.toByteArray());
            }
        }
        return Optional.empty();
    }

    /** The header of a member of gzip, RFC 1952, 2.2; what follows the last member and is no gzip is ignored, as gzip does. */
    private Optional<Failed> begin(byte[] so) {
        int start = gzip ? headLength(so) : 0;
        if (start < 0) {
            boolean bad = so.length > MAX_HEAD || start == -2;
            ended = bad && inflater.isPresent();
            return bad && !ended ? broken("no gzip") : Optional.empty();
        }
        // Deflate should come in zlib's wrapper; some servers send it bare.
        boolean bare = gzip || (so[0] & 0x0f) != 8;
        inflater.ifPresent(Inflater::end);
        inflater = Optional.of(new Inflater(bare));
        head.reset();
        return feed(so, start, so.length - start);
    }

    /** Where the compressed bytes begin; -1 if that cannot be told yet, -2 if this is no gzip. */
    private static int headLength(byte[] so) {
        if (so.length < FIXED_HEAD) {
            return -1;
        }
        if ((so[0] & 0xff) != 0x1f || (so[1] & 0xff) != 0x8b || so[2] != 8) {
            return -2;
        }
        int flags = so[3];
        int at = FIXED_HEAD;
        if ((flags & FEXTRA) != 0) {
            if (so.length < at + 2) {
                return -1;
            }
            at += 2 + (so[at] & 0xff) + ((so[at + 1] & 0xff) << 8);
        }
        for (int text : new int[] {FNAME, FCOMMENT}) {
            if ((flags & text) != 0) {
                while (at < so.length && so[at] != 0) {
                    at++;
                }
                at++;
            }
        }
        at += (flags & FHCRC) != 0 ? 2 : 0;
        return at <= so.length ? at : -1;
    }

    private Optional<Failed> inflate(Inflater made, byte[] bytes, int from, int length) {
        made.setInput(bytes, from, length);
        byte[] piece = new byte[PIECE];
        try {
            while (!made.finished() && !made.needsInput()) {
                int n = made.inflate(piece);
                if (n == 0 && made.needsDictionary()) {
                    return broken("needs a dictionary");
                }
                Optional<Failed> failure = sink.take(piece, 0, n);
                if (failure.isPresent()) {
                    return failure;
                }
            }
            return Optional.empty();
        } catch (DataFormatException e) {
            return broken(Objects.requireNonNullElse(e.getMessage(), "it is damaged"));
        }
    }

    private static Optional<Failed> broken(String detail) {
        return Optional.of(new Failed(Reason.RESPONSE_BROKEN, "compressed body: " + detail));
    }

    /** Whether the compressed bytes came to their end. */
    boolean isComplete() {
        return inflater.map(Inflater::finished).orElse(false);
    }

    @Override
    public void close() {
        inflater.ifPresent(Inflater::end);
    }
}
