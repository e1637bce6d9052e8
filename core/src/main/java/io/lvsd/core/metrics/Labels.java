package io.lvsd.core.metrics;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The labels of a series. Their text is made once, as most series of a server have the same, and contains that of the labels
 * that they extend.
 */
final class Labels {
    static final Labels NONE = new Labels(null);
    private static final char ASCII_END = 0x80;

    private final @Nullable Labels before;
    private final String[] own;
    private final byte[] text;

    private Labels(@Nullable Labels before, String... own) {
        this.before = before;
        this.own = own;
        this.text = text(before == null ? new byte[0] : before.text, own);
    }

    /** @param pairs names and values alternating */
    static Labels of(String... pairs) {
        return new Labels(null, pairs);
    }

    /** With further labels. */
    Labels and(String... pairs) {
        return new Labels(this, pairs);
    }

    /** As in the text formats, without braces. Must not be changed. */
    byte[] text() {
        return text;
    }

    /** Names and values alternating. */
    List<String> pairs() {
        List<String> pairs = before == null ? new ArrayList<>() : new ArrayList<>(before.pairs());
        pairs.addAll(List.of(own));
        return pairs;
    }

    private static byte[] text(byte[] before, String... own) {
        String[] escaped = own.clone();
        int length = before.length;
        boolean ascii = true;
        for (int i = 0; i < own.length; i += 2) {
            escaped[i + 1] = escape(own[i + 1]);
            ascii &= isAscii(escaped[i + 1]);
            length += own[i].length() + escaped[i + 1].length() + 3 + (length > 0 ? 1 : 0);
        }
        return ascii ? ascii(before, length, escaped) : unicode(before, escaped);
    }

    private static byte[] ascii(byte[] before, int length, String... own) {
        byte[] text = new byte[length];
        System.arraycopy(before, 0, text, 0, before.length);
        int at = before.length;
        for (int i = 0; i < own.length; i += 2) {
            if (at > 0) {
                text[at++] = ',';
            }
            at = put(own[i], text, at);
            text[at++] = '=';
            text[at++] = '"';
            at = put(own[i + 1], text, at);
            text[at++] = '"';
        }
        return text;
    }

    private static int put(String ascii, byte[] text, int at) {
        for (int i = 0; i < ascii.length(); i++) {
            text[at + i] = (byte) ascii.charAt(i);
        }
        return at + ascii.length();
    }

    private static byte[] unicode(byte[] before, String... own) {
        StringBuilder text = new StringBuilder(new String(before, StandardCharsets.UTF_8));
        for (int i = 0; i < own.length; i += 2) {
            text.append(text.isEmpty() ? "" : ",")
                    .append(own[i])
                    .append("=\"")
                    .append(own[i + 1])
                    .append('"');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= ASCII_END) {
                return false;
            }
        }
        return true;
    }

    private static String escape(String value) {
        boolean plain = value.indexOf('\\') < 0 && value.indexOf('"') < 0 && value.indexOf('\n') < 0;
        return plain ? value : value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
