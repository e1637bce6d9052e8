package io.lvsd.conf.syntax;

import io.lvsd.conf.syntax.TextFiles.Content;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Decodes a file that has changed little, and consisted of ASCII characters: only lines that differ are looked at one character
 * after the other. The comparison of the others takes a tenth of the time of the decoder.
 */
final class SameText {
    /** Characters that are compared at once. */
    private static final int CHUNK = 512;
    /** If more than one in so many characters is in a line that differs, the decoder is faster. */
    private static final int MOST = 8;

    private static final char FIRST_NON_ASCII = 0x80;

    /** Bytes that are compared at once with a text: their copy is too small for the old generation. */
    private static final int BLOCK = 16 << 10;

    private SameText() {}

    /** Whether a file still has its former content. False may also mean that it must be decoded to know. */
    static boolean is(FileBytes bytes, Content former) {
        if (!isPlain(former) || bytes.length() != former.bytes()) {
            return false;
        }
        for (int at = 0; at < bytes.length(); at += BLOCK) {
            int count = Math.min(BLOCK, bytes.length() - at);
            if (!former.text().regionMatches(at, bytes.text(at, count, StandardCharsets.ISO_8859_1), 0, count)) {
                return false;
            }
        }
        return true;
    }

    /** Whether each byte of a file is one ASCII character of its text. */
    private static boolean isPlain(Content content) {
        return content.utf8() && content.text().length() == content.bytes();
    }

    /** The content of a file; empty: it must be decoded. */
    static Optional<Content> of(FileBytes bytes, Content former) {
        if (!isPlain(former)) {
            return Optional.empty();
        }
        String text = bytes.text(StandardCharsets.ISO_8859_1);
        return isPlain(text, former.text()) ? Optional.of(new Content(text, true, bytes.length())) : Optional.empty();
    }

    /** Whether it is seen with little work that a text consists of ASCII characters, without carriage returns at line ends. */
    private static boolean isPlain(String text, String former) {
        int limit = text.length() / MOST;
        int at = 0;
        int before = 0;
        while (true) {
            int same = same(text, at, former, before);
            at += same;
            before += same;
            if (at == text.length()) {
                return true;
            }
            int feed = text.indexOf('\n', at);
            int end = feed < 0 ? text.length() : feed + 1;
            limit -= end - at;
            // A line feed after a carriage return would be part of a line end.
            if (limit < 0 || at > 0 && text.charAt(at - 1) == '\r' || !isPlain(text, at, end)) {
                return false;
            }
            at = end;
            int formerFeed = former.indexOf('\n', before);
            before = formerFeed < 0 ? former.length() : formerFeed + 1;
        }
    }

    private static boolean isPlain(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c == '\r' || c >= FIRST_NON_ASCII) {
                return false;
            }
        }
        return true;
    }

    /** How many characters are the same. */
    private static int same(String text, int at, String former, int before) {
        int limit = Math.min(text.length() - at, former.length() - before);
        int same = 0;
        while (limit - same >= CHUNK && text.regionMatches(at + same, former, before + same, CHUNK)) {
            same += CHUNK;
        }
        while (same < limit && text.charAt(at + same) == former.charAt(before + same)) {
            same++;
        }
        return same;
    }
}
