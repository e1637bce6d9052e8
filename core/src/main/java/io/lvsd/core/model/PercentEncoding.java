package io.lvsd.core.model;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Names as words of a line, where blanks part words: in the store, and between client and daemon. */
public final class PercentEncoding {
    private PercentEncoding() {}

    /** A text as one word: blanks, percent signs and what is not ASCII as in RFC 3986, 2.1, of UTF-8. */
    public static String word(String text) {
        if (text.chars().allMatch(PercentEncoding::isPlain)) {
            return text;
        }
        StringBuilder word = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isPlain(c)) {
                word.append((char) c);
            } else {
                String encoded = URLEncoder.encode(Character.toString(c), StandardCharsets.UTF_8);
                word.append(encoded.equals("+") ? "%20" : encoded);
            }
        });
        return word.toString();
    }

    private static boolean isPlain(int c) {
        return c > ' ' && c < 0x7f && c != '%';
    }

    /**
     * The text of a word.
     *
     * @throws IllegalArgumentException if a percent sign begins nothing
     */
    public static String text(String word) {
        return word.indexOf('%') < 0 ? word : URLDecoder.decode(word.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
