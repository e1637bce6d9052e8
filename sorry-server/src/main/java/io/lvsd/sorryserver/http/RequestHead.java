package io.lvsd.sorryserver.http;

import java.nio.charset.StandardCharsets;

/**
 * Reads the head of a request of HTTP/1 (RFC 9112) from bytes: request line and the fields that have an effect on the response.
 * One object is used for one request after the other and allocates nothing. Not thread-safe.
 */
final class RequestHead {
    /** Bytes of the longest head. */
    static final int MAX_LENGTH = 32 * 1024;

    /** What was found. */
    enum Result {
        /** More bytes are needed. */
        INCOMPLETE,
        /** All fields of this object are set. */
        COMPLETE,
        /** Not a request of HTTP/1, or longer than {@link #MAX_LENGTH}. */
        INVALID
    }

    private static final byte[] HOST = ascii("host");
    private static final byte[] RANGE = ascii("range");
    private static final byte[] ACCEPT = ascii("accept");
    private static final byte[] EXPECT = ascii("expect");
    private static final byte[] UPGRADE = ascii("upgrade");
    private static final byte[] IF_RANGE = ascii("if-range");
    private static final byte[] CONNECTION = ascii("connection");
    private static final byte[] CONTENT_TYPE = ascii("content-type");
    private static final byte[] IF_NONE_MATCH = ascii("if-none-match");
    private static final byte[] CONTENT_LENGTH = ascii("content-length");
    private static final byte[] HTTP2_SETTINGS = ascii("http2-settings");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding");

    private static final byte[] CLOSE = ascii("close");
    private static final byte[] KEEP_ALIVE = ascii("keep-alive");
    private static final byte[] CHUNKED = ascii("chunked");
    private static final byte[] H2C = ascii("h2c");
    private static final byte[] GRPC = ascii("application/grpc");
    private static final byte[] VERSION = ascii("HTTP/");
    private static final byte[] HEAD = ascii("HEAD");
    private static final byte[] GET = ascii("GET");

    /** The greatest length of a body that is counted; a longer one is invalid. */
    private static final long MAX_BODY = Long.MAX_VALUE / 10 - 1;

    private static final long NONE = -1;

    /** A part of the bytes. */
    static final class Span {
        int from;
        int to;

        boolean isEmpty() {
            return from == to;
        }

        void clear() {
            from = 0;
            to = 0;
        }

        String text(byte[] bytes) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }

    final Span target = new Span();
    final Span host = new Span();
    final Span accept = new Span();
    final Span range = new Span();
    final Span ifRange = new Span();
    final Span ifNoneMatch = new Span();
    final Span http2Settings = new Span();

    private int end;
    private boolean isHead;
    private boolean isGet;
    private boolean keepAlive;
    private boolean http10;
    private boolean chunked;
    private boolean expects;
    private boolean grpc;
    private boolean h2c;
    private long bodyLength;
    private int hosts;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Position after the head. */
    int end() {
        return end;
    }

    boolean isHead() {
        return isHead;
    }

    boolean isGetOrHead() {
        return isGet || isHead;
    }

    /** Whether the client is prepared to send another request on this connection. */
    boolean keepAlive() {
        return keepAlive;
    }

    /** Whether the version is HTTP/1.0. */
    boolean isHttp10() {
        return http10;
    }

    /** Whether the body has chunks. */
    boolean chunked() {
        return chunked;
    }

    /** Bytes of the body, if it has no chunks. */
    long bodyLength() {
        return Math.max(0, bodyLength);
    }

    /** Whether the client waits for permission to send the body. */
    boolean expects() {
        return expects;
    }

    /** Whether it is a request of gRPC or gRPC-Web. */
    boolean isGrpc() {
        return grpc;
    }

    /** Whether the client can continue with HTTP/2 on this connection. */
    boolean offersHttp2() {
        return h2c && !http2Settings.isEmpty() && bodyLength <= 0 && !chunked;
    }

    /**
     * Reads a head.
     *
     * @param searchFrom where the end of the head has not been searched yet, at least {@code from}
     */
    Result read(byte[] bytes, int from, int to, int searchFrom) {
        int length = headEnd(bytes, Math.max(from, searchFrom - 3), to);
        if (length < 0) {
            return to - from > MAX_LENGTH ? Result.INVALID : Result.INCOMPLETE;
        }
        end = length;
        if (end - from > MAX_LENGTH) {
            return Result.INVALID;
        }
        clear();
        int line = lineEnd(bytes, from, end);
        if (!requestLine(bytes, from, lineStop(bytes, from, line))) {
            return Result.INVALID;
        }
        int at = line + 1;
        while (at < end) {
            int next = lineEnd(bytes, at, end);
            int stop = lineStop(bytes, at, next);
            if (stop > at && !field(bytes, at, stop)) {
                return Result.INVALID;
            }
            at = next + 1;
        }
        return isValid() ? Result.COMPLETE : Result.INVALID;
    }

    /** HTTP/1.1 requires exactly one Host, and a body has one length (RFC 9112, sections 3.2 and 6.3). */
    private boolean isValid() {
        boolean oneLength = !chunked || bodyLength == NONE;
        return hosts <= 1 && (hosts == 1 || http10) && oneLength && !(chunked && http10);
    }

    private void clear() {
        target.clear();
        host.clear();
        accept.clear();
        range.clear();
        ifRange.clear();
        ifNoneMatch.clear();
        http2Settings.clear();
        isHead = false;
        isGet = false;
        keepAlive = true;
        http10 = false;
        chunked = false;
        expects = false;
        grpc = false;
        h2c = false;
        bodyLength = NONE;
        hosts = 0;
    }

    /** Position after the empty line that ends the head; negative if it is not there. A line ends with CR LF, or with LF alone. */
    private static int headEnd(byte[] bytes, int from, int to) {
        for (int i = from; i + 1 < to; i++) {
            if (bytes[i] == '\n') {
                if (bytes[i + 1] == '\n') {
                    return i + 2;
                }
                if (bytes[i + 1] == '\r' && i + 2 < to && bytes[i + 2] == '\n') {
                    return i + 3;
                }
            }
        }
        return -1;
    }

    private static int lineEnd(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end - 1 && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /** The end of the text of a line whose LF is at a position. */
    private static int lineStop(byte[] bytes, int from, int lineFeed) {
        return lineFeed > from && bytes[lineFeed - 1] == '\r' ? lineFeed - 1 : lineFeed;
    }

    private boolean requestLine(byte[] bytes, int from, int stop) {
        int method = from;
        while (method < stop && isToken(bytes[method])) {
            method++;
        }
        if (method == from || method >= stop || bytes[method] != ' ') {
            return false;
        }
        isGet = is(bytes, from, method, GET, false);
        isHead = is(bytes, from, method, HEAD, false);
        target.from = method + 1;
        target.to = target.from;
        while (target.to < stop && bytes[target.to] > ' ' && bytes[target.to] != 0x7f
                || target.to < stop && bytes[target.to] < 0) {
            target.to++;
        }
        int version = target.to + 1;
        boolean wellFormed = !target.isEmpty()
                && stop - version == VERSION.length + 3
                && bytes[target.to] == ' '
                && is(bytes, version, version + VERSION.length, VERSION, false)
                && isDigit(bytes[stop - 3])
                && bytes[stop - 2] == '.'
                && isDigit(bytes[stop - 1]);
        if (!wellFormed) {
            return false;
        }
        http10 = bytes[stop - 3] == '0' || bytes[stop - 3] == '1' && bytes[stop - 1] == '0';
        keepAlive = bytes[stop - 3] == '1' && !http10;
        return true;
    }

    private boolean field(byte[] bytes, int from, int stop) {
        int colon = from;
        while (colon < stop && isToken(bytes[colon])) {
            colon++;
        }
        if (colon == from || colon == stop || bytes[colon] != ':') {
            return false;
        }
        int start = colon + 1;
        while (start < stop && isSpace(bytes[start])) {
            start++;
        }
        int last = stop;
        while (last > start && isSpace(bytes[last - 1])) {
            last--;
        }
        return value(bytes, from, colon, start, last);
    }

    /** The length of a name distinguishes almost all of them. */
    private boolean value(byte[] bytes, int name, int colon, int from, int to) {
        switch (colon - name) {
            case 4 -> {
                if (is(bytes, name, colon, HOST, true)) {
                    hosts++;
                    set(host, from, to);
                }
            }
            case 5 -> take(bytes, name, colon, RANGE, range, from, to);
            case 6 -> {
                take(bytes, name, colon, ACCEPT, accept, from, to);
                expects |= is(bytes, name, colon, EXPECT, true);
            }
            case 7 -> h2c |= is(bytes, name, colon, UPGRADE, true) && contains(bytes, from, to, H2C);
            case 8 -> take(bytes, name, colon, IF_RANGE, ifRange, from, to);
            case 10 -> {
                if (is(bytes, name, colon, CONNECTION, true)) {
                    connection(bytes, from, to);
                }
            }
            case 12 ->
                grpc |= is(bytes, name, colon, CONTENT_TYPE, true)
                        && to - from >= GRPC.length
                        && is(bytes, from, from + GRPC.length, GRPC, true);
            case 13 -> take(bytes, name, colon, IF_NONE_MATCH, ifNoneMatch, from, to);
            case 14 -> {
                take(bytes, name, colon, HTTP2_SETTINGS, http2Settings, from, to);
                if (is(bytes, name, colon, CONTENT_LENGTH, true)) {
                    return bodyLength(bytes, from, to);
                }
            }
            case 17 -> {
                if (is(bytes, name, colon, TRANSFER_ENCODING, true)) {
                    boolean first = !chunked;
                    chunked = true;
                    return first && is(bytes, from, to, CHUNKED, true);
                }
            }
            default -> {
                // It has no effect.
            }
        }
        return true;
    }

    private static void take(byte[] bytes, int name, int colon, byte[] wanted, Span span, int from, int to) {
        if (is(bytes, name, colon, wanted, true)) {
            set(span, from, to);
        }
    }

    private static void set(Span span, int from, int to) {
        span.from = from;
        span.to = to;
    }

    private void connection(byte[] bytes, int from, int to) {
        if (contains(bytes, from, to, CLOSE)) {
            keepAlive = false;
        } else if (http10 && contains(bytes, from, to, KEEP_ALIVE)) {
            keepAlive = true;
        }
    }

    private boolean bodyLength(byte[] bytes, int from, int to) {
        long length = 0;
        for (int i = from; i < to; i++) {
            if (!isDigit(bytes[i]) || length > MAX_BODY / 10) {
                return false;
            }
            length = length * 10 + bytes[i] - '0';
        }
        boolean same = bodyLength == NONE || bodyLength == length;
        bodyLength = length;
        return from < to && same;
    }

    /** Whether a list of words contains one. */
    private static boolean contains(byte[] bytes, int from, int to, byte[] word) {
        int at = from;
        while (at < to) {
            int start = at;
            while (start < to && (isSpace(bytes[start]) || bytes[start] == ',')) {
                start++;
            }
            int stop = start;
            while (stop < to && !isSpace(bytes[stop]) && bytes[stop] != ',') {
                stop++;
            }
            if (is(bytes, start, stop, word, true)) {
                return true;
            }
            at = stop + 1;
        }
        return false;
    }

    /** @param anyCase whether {@code word}, then in lower case, is compared without regard to case */
    private static boolean is(byte[] bytes, int from, int to, byte[] word, boolean anyCase) {
        if (to - from != word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            int c = bytes[from + i];
            if ((anyCase && c >= 'A' && c <= 'Z' ? c | 0x20 : c) != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    /** RFC 9110, section 5.6.2. */
    private static boolean isToken(byte c) {
        return c > ' ' && c < 0x7f && TOKEN[c];
    }

    private static final boolean[] TOKEN = tokens();

    private static boolean[] tokens() {
        boolean[] token = new boolean[0x80];
        for (int c = '0'; c <= 'z'; c++) {
            token[c] = Character.isLetterOrDigit(c);
        }
        "!#$%&'*+-.^_`|~".chars().forEach(c -> token[c] = true);
        return token;
    }
}
