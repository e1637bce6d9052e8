package io.lvsd.checkers.protocol.http;

import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Decompresses a body as it arrives (gzip, RFC 1952; deflate, RFC 1950 or 1951), a few KiB at a time. */
final class CompressedBody implements AutoCloseable {
    private static final int BUFFER = 8 * 1024;
    /** Bytes within which the header of gzip must end. */
    private static final int MAX_HEADER = 4 * 1024;

    private static final int FIXED_HEADER = 10;
    /** CRC and length after each member. */
    private static final int TRAILER = 8;

    private static final int FHCRC = 2;
    private static final int FEXTRA = 4;
    private static final int FNAME = 8;
    private static final int FCOMMENT = 16;

    private final boolean gzip;
    private final ChunkedBody.Sink sink;
    private final ByteArrayOutputStream prefix = new ByteArrayOutputStream();
    private Optional<Inflater> inflater = Optional.empty();
    private int trailerLeft;
    private boolean ended;

    CompressedBody(boolean gzip, ChunkedBody.Sink sink) {
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
                prefix.write(bytes, at, end - at);
                return begin(prefix.toByteArray());
            }
        }
        return Optional.empty();
    }

    /** The header of a member of gzip, RFC 1952, 2.2; other bytes after the last member are ignored, as gzip does. */
    private Optional<Failed> begin(byte[] header) {
        int start = gzip ? headerLength(header) : 0;
        if (start < 0) {
            boolean bad = header.length > MAX_HEADER || start == -2;
            ended = bad && inflater.isPresent();
            return bad && !ended ? broken("not in gzip format") : Optional.empty();
        }
        // Deflate should have the zlib header; some servers send raw deflate.
        boolean raw = gzip || (header[0] & 0x0f) != 8;
        inflater.ifPresent(Inflater::end);
        inflater = Optional.of(new Inflater(raw));
        prefix.reset();
        return feed(header, start, header.length - start);
    }

    /** Offset of the compressed bytes; -1 if more bytes are needed, -2 if this is not gzip. */
    private static int headerLength(byte[] header) {
        if (header.length < FIXED_HEADER) {
            return -1;
        }
        if ((header[0] & 0xff) != 0x1f || (header[1] & 0xff) != 0x8b || header[2] != 8) {
            return -2;
        }
        int flags = header[3];
        int at = FIXED_HEADER;
        if ((flags & FEXTRA) != 0) {
            if (header.length < at + 2) {
                return -1;
            }
            at += 2 + (header[at] & 0xff) + ((header[at + 1] & 0xff) << 8);
        }
        for (int text : new int[] {FNAME, FCOMMENT}) {
            if ((flags & text) != 0) {
                while (at < header.length && header[at] != 0) {
                    at++;
                }
                at++;
            }
        }
        at += (flags & FHCRC) != 0 ? 2 : 0;
        return at <= header.length ? at : -1;
    }

    private Optional<Failed> inflate(Inflater running, byte[] bytes, int from, int length) {
        running.setInput(bytes, from, length);
        byte[] buffer = new byte[BUFFER];
        try {
            while (!running.finished() && !running.needsInput()) {
                int n = running.inflate(buffer);
                if (n == 0 && running.needsDictionary()) {
                    return broken("requires a dictionary");
                }
                Optional<Failed> failure = sink.take(buffer, 0, n);
                if (failure.isPresent()) {
                    return failure;
                }
            }
            return Optional.empty();
        } catch (DataFormatException e) {
            return broken(Objects.requireNonNullElse(e.getMessage(), "corrupt data"));
        }
    }

    private static Optional<Failed> broken(String detail) {
        return Optional.of(new Failed(Reason.RESPONSE_BROKEN, "compressed body: " + detail));
    }

    /** Whether the end of the compressed data has arrived. */
    boolean isComplete() {
        return inflater.map(Inflater::finished).orElse(false);
    }

    @Override
    public void close() {
        inflater.ifPresent(Inflater::end);
    }
}
