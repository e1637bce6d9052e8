package io.lvsd.core.model;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Percent-encoding of words in lines where blanks separate words: in the store and on the control socket. */
public final class PercentEncoding {
    private PercentEncoding() {}

    /** Encodes blanks, percent signs, control characters and the bytes of non-ASCII UTF-8 as in RFC 3986, section 2.1. */
    public static String word(String text) {
        if (isPlain(text)) {
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

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(int c) {
        return c > ' ' && c < 0x7f && c != '%';
    }

    /**
     * Decodes a word.
     *
     * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits
     */
    public static String text(String word) {
        return word.indexOf('%') < 0 ? word : URLDecoder.decode(word.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
