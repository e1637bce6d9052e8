package io.lvsd.core.log.format;

import java.util.Arrays;

/** UTF-8 of limited length. */
final class Utf8 {
    private static final int CONTINUATION_MASK = 0xC0;
    private static final int CONTINUATION = 0x80;

    private Utf8() {}

    /** At most {@code max} bytes, cut between two characters. */
    static byte[] cut(byte[] text, int max) {
        if (text.length <= max) {
            return text;
        }
        int end = max;
        while (end > 0 && (text[end] & CONTINUATION_MASK) == CONTINUATION) {
            end--;
        }
        return Arrays.copyOf(text, end);
    }
}
