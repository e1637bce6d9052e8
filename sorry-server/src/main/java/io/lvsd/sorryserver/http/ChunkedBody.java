package io.lvsd.sorryserver.http;

/**
 * Finds the end of a body with chunks (RFC 9112, section 7.1), whose content is discarded. Not thread-safe.
 */
final class ChunkedBody {
    private static final int MAX_DIGITS = 15;
    /** Bytes of chunk extensions and trailer fields. */
    private static final int MAX_OTHER = 16 * 1024;

    private enum Place {
        SIZE,
        EXTENSION,
        DATA,
        DATA_END,
        TRAILER,
        END,
        INVALID
    }

    private Place place = Place.SIZE;
    private long remaining;
    private int digits;
    private int lineLength;
    private int others;

    /** Whether the whole body was skipped. */
    boolean isComplete() {
        return place == Place.END;
    }

    boolean isInvalid() {
        return place == Place.INVALID;
    }

    /**
     * Skips bytes of the body.
     *
     * @return position after the last byte that belongs to the body, at most {@code to}
     */
    int skip(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && place != Place.END && place != Place.INVALID) {
            if (place == Place.DATA) {
                int count = (int) Math.min(remaining, to - at);
                remaining -= count;
                at += count;
                place = remaining == 0 ? Place.DATA_END : Place.DATA;
            } else {
                accept(bytes[at++]);
            }
        }
        return at;
    }

    private void accept(byte c) {
        switch (place) {
            case SIZE -> size(c);
            case EXTENSION -> {
                if (c == '\n') {
                    sizeEnd();
                } else {
                    other();
                }
            }
            case DATA_END -> {
                if (c == '\n') {
                    place = Place.SIZE;
                    digits = 0;
                } else if (c != '\r') {
                    place = Place.INVALID;
                }
            }
            case TRAILER -> {
                if (c == '\n') {
                    place = lineLength == 0 ? Place.END : Place.TRAILER;
                    lineLength = 0;
                } else if (c != '\r') {
                    lineLength++;
                    other();
                }
            }
            case DATA, END, INVALID -> {
                // Not reached: skip() handles them.
            }
        }
    }

    private void size(byte c) {
        int digit = Character.digit(c, 16);
        if (digit >= 0 && digits < MAX_DIGITS) {
            remaining = remaining * 16 + digit;
            digits++;
        } else if (digits == 0 || digit >= 0) {
            place = Place.INVALID;
        } else if (c == '\n') {
            sizeEnd();
        } else if (c == ';' || c == ' ' || c == '\t' || c == '\r') {
            place = Place.EXTENSION;
        } else {
            place = Place.INVALID;
        }
    }

    private void sizeEnd() {
        place = remaining == 0 ? Place.TRAILER : Place.DATA;
        lineLength = 0;
    }

    private void other() {
        if (++others > MAX_OTHER) {
            place = Place.INVALID;
        }
    }
}
