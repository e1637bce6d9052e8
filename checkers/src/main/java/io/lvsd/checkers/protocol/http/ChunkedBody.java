package io.lvsd.checkers.protocol.http;

import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import java.util.Optional;

/** Decodes the chunked transfer coding, RFC 9112, 7.1. */
final class ChunkedBody {
    private static final int MAX_LINE = 1_024;

    /** Receives the decoded bytes; a failure that it returns ends the response. */
    interface Sink {
        Optional<Failed> take(byte[] bytes, int from, int length);
    }

    private enum State {
        SIZE,
        DATA,
        DATA_END,
        TRAILER,
        COMPLETE
    }

    private final Sink sink;
    private final StringBuilder line = new StringBuilder();
    private State state = State.SIZE;
    private long left;

    ChunkedBody(Sink sink) {
        this.sink = sink;
    }

    boolean isComplete() {
        return state == State.COMPLETE;
    }

    Optional<Failed> feed(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && state != State.COMPLETE) {
            if (state == State.DATA) {
                int length = (int) Math.min(left, bytes.length - at);
                Optional<Failed> failure = sink.take(bytes, at, length);
                if (failure.isPresent()) {
                    return failure;
                }
                at += length;
                left -= length;
                state = left == 0 ? State.DATA_END : State.DATA;
            } else {
                char c = (char) bytes[at++];
                if (c == '\n') {
                    Optional<Failed> failure = line(line.toString().strip());
                    line.setLength(0);
                    if (failure.isPresent()) {
                        return failure;
                    }
                } else if (line.append(c).length() > MAX_LINE) {
                    return broken("chunk header of more than " + MAX_LINE + " bytes");
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Failed> line(String text) {
        switch (state) {
            case SIZE -> {
                String size = text.replaceFirst("[ \\t]*;.*", "");
                if (!size.matches("[0-9A-Fa-f]{1,15}")) {
                    return broken("invalid chunk size: expected hexadecimal digits");
                }
                left = Long.parseLong(size, 16);
                state = left == 0 ? State.TRAILER : State.DATA;
            }
            case DATA_END -> {
                if (!text.isEmpty()) {
                    return broken("chunk is longer than its size");
                }
                state = State.SIZE;
            }
            case TRAILER -> state = text.isEmpty() ? State.COMPLETE : State.TRAILER;
            case DATA, COMPLETE -> {}
        }
        return Optional.empty();
    }

    private static Optional<Failed> broken(String detail) {
        return Optional.of(new Failed(Reason.RESPONSE_BROKEN, detail));
    }
}
