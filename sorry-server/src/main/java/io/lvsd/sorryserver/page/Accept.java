package io.lvsd.sorryserver.page;

import java.nio.charset.StandardCharsets;

/**
 * Chooses the form of the sorry page from the field Accept (RFC 9110, section 12.5.1): HTML if the client prefers nothing else,
 * JSON if it prefers JSON, text if it accepts neither. Pure; does not allocate.
 */
public final class Accept {
    private static final byte[] HTML = ascii("text/html");
    private static final byte[] XHTML = ascii("application/xhtml+xml");
    private static final byte[] ALL_TEXT = ascii("text/*");
    private static final byte[] PLAIN = ascii("text/plain");
    private static final byte[] JSON = ascii("application/json");
    private static final byte[] ALL_APPLICATION = ascii("application/*");
    private static final byte[] ALL = ascii("*/*");
    private static final byte[] JSON_SUFFIX = ascii("+json");
    /** A quality of 1, in thousandths. */
    private static final int FULL = 1_000;

    private static final int QUALITY = 0xffff;
    private static final int RANK = 16;
    private static final int ANY = 1 << RANK;
    private static final int ANY_OF_TYPE = 2 << RANK;
    private static final int EXACT = 3 << RANK;

    private Accept() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The form for a value. */
    public static Format format(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        return format(bytes, 0, bytes.length);
    }

    /**
     * The form for the value between two positions; an empty one accepts everything.
     *
     * @param to position after its end
     */
    public static Format format(byte[] value, int from, int to) {
        if (from == to || startsWith(value, from, to, HTML) && isEnd(value, from + HTML.length, to)) {
            return Format.HTML;
        }
        // Of each form, the quality of the most specific range that matches it: rank above, quality in thousandths
        // below.
        int html = 0;
        int json = 0;
        int text = 0;
        int at = from;
        while (at < to) {
            int end = next(value, at, to);
            int start = at;
            while (start < end && isSpace(value[start])) {
                start++;
            }
            int stop = start;
            while (stop < end && value[stop] != ';' && !isSpace(value[stop])) {
                stop++;
            }
            int quality = quality(value, stop, end);
            int all = is(value, start, stop, ALL) ? ANY : 0;
            int allText = is(value, start, stop, ALL_TEXT) ? ANY_OF_TYPE : all;
            html = better(html, isHtml(value, start, stop) ? EXACT : allText, quality);
            text = better(text, is(value, start, stop, PLAIN) ? EXACT : allText, quality);
            int allApplication = is(value, start, stop, ALL_APPLICATION) ? ANY_OF_TYPE : all;
            json = better(json, isJson(value, start, stop) ? EXACT : allApplication, quality);
            at = end + 1;
        }
        html = preference(html);
        json = preference(json);
        text = preference(text);
        if (html > 0 && html >= json && html >= text) {
            return Format.HTML;
        }
        return json > 0 && json >= text ? Format.JSON : Format.TEXT;
    }

    private static int better(int best, int rank, int quality) {
        return rank == 0 ? best : Math.max(best, rank | quality);
    }

    /** Of two forms with the same quality, the client prefers the one that it names. */
    private static int preference(int best) {
        int quality = best & QUALITY;
        return quality == 0 ? 0 : quality << 2 | best >> RANK;
    }

    private static boolean isHtml(byte[] value, int from, int to) {
        return is(value, from, to, HTML) || is(value, from, to, XHTML);
    }

    private static boolean isEnd(byte[] value, int at, int to) {
        return at == to || value[at] == ',';
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\t';
    }

    private static int next(byte[] value, int from, int to) {
        int at = from;
        while (at < to && value[at] != ',') {
            at++;
        }
        return at;
    }

    private static boolean startsWith(byte[] value, int from, int to, byte[] word) {
        return to - from >= word.length && is(value, from, from + word.length, word);
    }

    /** Without regard to case. */
    private static boolean is(byte[] value, int from, int to, byte[] word) {
        if (to - from != word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            int c = value[from + i];
            if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isJson(byte[] value, int from, int to) {
        return is(value, from, to, JSON)
                || to - from > JSON_SUFFIX.length && is(value, to - JSON_SUFFIX.length, to, JSON_SUFFIX);
    }

    /** The parameter q in thousandths, 1000 if there is none or it is invalid. */
    private static int quality(byte[] value, int from, int to) {
        for (int i = from; i + 2 < to; i++) {
            boolean name = (value[i] | 0x20) == 'q' && value[i + 1] == '=';
            if (name && (value[i - 1] == ';' || isSpace(value[i - 1]))) {
                return number(value, i + 2, to);
            }
        }
        return FULL;
    }

    private static int number(byte[] value, int from, int to) {
        if (value[from] != '0') {
            return FULL;
        }
        int quality = 0;
        int place = FULL / 10;
        for (int i = from + 2; i < to && place > 0; i++, place /= 10) {
            if (value[i] < '0' || value[i] > '9') {
                break;
            }
            quality += (value[i] - '0') * place;
        }
        return quality;
    }
}
