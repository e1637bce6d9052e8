package io.lvsd.sorryserver.page;

import io.lvsd.sorryserver.page.Answer.Field;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A file that the page needs, in memory. Immutable. */
final class Asset {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("ico", "image/vnd.microsoft.icon"),
            Map.entry("webp", "image/webp"),
            Map.entry("avif", "image/avif"),
            Map.entry("woff", "font/woff"),
            Map.entry("woff2", "font/woff2"));

    private static final Pattern RANGE =
            Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*", Pattern.CASE_INSENSITIVE);
    private static final byte[] EMPTY = {};

    private final byte[] content;
    private final String type;
    private final String etag;
    private final Answer whole;
    private final Answer unchanged;

    /** @param content not copied */
    Asset(String name, byte[] content) {
        this.content = content;
        this.type = type(name).orElseThrow(() -> new IllegalArgumentException(name));
        this.etag = '"' + HexFormat.of().formatHex(digest(content), 0, 16) + '"';
        this.whole = new Answer(200, "OK", fields(true), content);
        this.unchanged = new Answer(304, "Not Modified", fields(false), EMPTY);
    }

    /** The media type of a file; empty if files of this kind are not served. */
    static Optional<String> type(String name) {
        int dot = name.lastIndexOf('.');
        return Optional.ofNullable(TYPES.get(name.substring(dot + 1).toLowerCase(Locale.ROOT)))
                .filter(_ -> dot >= 0);
    }

    private static byte[] digest(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing in this Java runtime", e);
        }
    }

    /** Caches revalidate each time, as a real server may have another file of this name. */
    private List<Field> fields(boolean withType) {
        List<Field> common = List.of(
                new Field("etag", etag),
                new Field("cache-control", "no-cache"),
                new Field("accept-ranges", "bytes"),
                new Field("x-content-type-options", "nosniff"));
        return withType ? with(common, new Field("content-type", type)) : common;
    }

    private static List<Field> with(List<Field> fields, Field more) {
        return Stream.concat(Stream.of(more), fields.stream()).toList();
    }

    /**
     * The response to GET or HEAD.
     *
     * @param ifNoneMatch value of that field; empty text if absent
     * @param range value of that field; empty text if absent or not applicable (HEAD)
     * @param ifRange value of that field; empty text if absent
     */
    Answer answer(String ifNoneMatch, String range, String ifRange) {
        if (matches(ifNoneMatch)) {
            return unchanged;
        }
        Matcher part = RANGE.matcher(range);
        boolean applies = ifRange.isEmpty() || ifRange.equals(etag);
        return applies && part.matches() ? part(part.group(1), part.group(2)) : whole;
    }

    private boolean matches(String ifNoneMatch) {
        if (ifNoneMatch.isEmpty()) {
            return false;
        }
        return ifNoneMatch.strip().equals("*")
                || Arrays.stream(ifNoneMatch.split(","))
                        .map(String::strip)
                        .anyMatch(tag -> tag.equals(etag) || tag.equals("W/" + etag));
    }

    /** One range of bytes (RFC 9110, section 14). Several are answered with the whole file. */
    private Answer part(String first, String last) {
        if (first.isEmpty() && last.isEmpty()) {
            return whole;
        }
        long size = content.length;
        long from = first.isEmpty() ? Math.max(0, size - Long.parseLong(last)) : Long.parseLong(first);
        long to = first.isEmpty() || last.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(last));
        if (!first.isEmpty() && !last.isEmpty() && Long.parseLong(last) < from) {
            return whole;
        }
        if (from > to) {
            List<Field> fields = with(fields(false), new Field("content-range", "bytes */" + size));
            return new Answer(416, "Range Not Satisfiable", fields, EMPTY);
        }
        Field range = new Field("content-range", "bytes " + from + "-" + to + "/" + size);
        return new Answer(
                206, "Partial Content", with(fields(true), range), content, (int) from, (int) (to - from + 1));
    }
}
