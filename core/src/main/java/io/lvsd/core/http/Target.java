package io.lvsd.core.http;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a request line names (RFC 9112, section 3.2). The path is divided at its slashes first and decoded then, once, so that
 * a name may contain an encoded slash.
 *
 * @param authority of a request line that contains a whole URL; else empty
 * @param segments of the path, decoded; none for {@code /}; the last one is empty if the path ends with a slash
 * @param query the parameters
 */
public record Target(Optional<String> authority, List<String> segments, Map<String, String> query) {
    private static final int MAX_PARAMETERS = 32;

    public Target {
        segments = List.copyOf(segments);
        query = Map.copyOf(query);
    }

    /**
     * Parses a request target in origin form or absolute form.
     *
     * @return empty if it is malformed, also if the path has an empty segment before others, {@code .} or {@code ..}, or if anything decodes to
     *     control characters or to invalid UTF-8, or if a parameter is repeated
     */
    public static Optional<Target> parse(String text) {
        try {
            String rest = text;
            Optional<String> authority = Optional.empty();
            if (!text.startsWith("/")) {
                int scheme = text.indexOf("://");
                String name = scheme < 0 ? "" : text.substring(0, scheme);
                if (!name.equalsIgnoreCase("http") && !name.equalsIgnoreCase("https")) {
                    return Optional.empty();
                }
                int slash = text.indexOf('/', scheme + 3);
                int end = slash < 0 ? text.length() : slash;
                authority = Optional.of(text.substring(scheme + 3, end));
                rest = slash < 0 ? "/" : text.substring(slash);
            }
            int question = rest.indexOf('?');
            String path = question < 0 ? rest : rest.substring(0, question);
            String query = question < 0 ? "" : rest.substring(question + 1);
            return Optional.of(new Target(authority, segments(path), parameters(query)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        if (path.equals("/")) {
            return segments;
        }
        String[] parts = path.substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            String segment = decoded(part);
            if (segment.isEmpty() && i < parts.length - 1 || segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException(part);
            }
            segments.add(segment);
        }
        return segments;
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query.split("&", MAX_PARAMETERS)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decoded((equals < 0 ? pair : pair.substring(0, equals)).replace('+', ' '));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1).replace('+', ' '));
            if (parameters.put(name, value) != null) {
                throw new IllegalArgumentException(pair);
            }
        }
        return parameters;
    }

    /** Strict, unlike {@link URLDecoder}: each percent sign needs two digits, and the bytes must be UTF-8. */
    private static String decoded(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int value = c;
            if (c == '%') {
                if (i + 2 >= text.length()) {
                    throw new IllegalArgumentException(text);
                }
                value = HexFormat.fromHexDigits(text, i + 1, i + 3);
                i += 2;
            }
            if (value < ' ' || value > 0xff || value == 0x7f || c == '#') {
                throw new IllegalArgumentException(text);
            }
            bytes.put((byte) value);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
