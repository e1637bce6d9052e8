package io.lvsd.sorryserver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The sorry page, the response to every URL with an error status, never 200 and never 404, and the files that the page
 * needs, which are served with status 200. Immutable: all files are in memory.
 */
public final class SorryPage {
    /** The file with the page; a request for this name gets the page with its error status, too. */
    private static final String PAGE = "404.html";

    private static final byte[] BUILT_IN = builtIn();

    /** For a request that is not valid HTTP. */
    static final Answer BAD_REQUEST = new Answer(
            400, "Bad Request", "text/plain; charset=utf-8", 0, "Bad Request\n".getBytes(StandardCharsets.US_ASCII));

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("webp", "image/webp"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"));

    private final Map<String, Answer> files;
    private final Answer page;

    private SorryPage(Map<String, Answer> files, Answer page) {
        this.files = Map.copyOf(files);
        this.page = page;
    }

    /**
     * A response to a client.
     *
     * @param retryAfterSeconds value of Retry-After; 0 sends none
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, String reason, String contentType, long retryAfterSeconds, byte[] body) {
        /** Whether caches may store it: only the files that the page needs. */
        public boolean cacheable() {
            return status == 200;
        }
    }

    /** The page that is part of lvsd. In memory since the start, so that a reload does not depend on the installed files. */
    public static SorryPage builtIn(int status, String reason, long retryAfterSeconds) {
        return new SorryPage(
                Map.of(), new Answer(status, reason, "text/html; charset=utf-8", retryAfterSeconds, BUILT_IN));
    }

    private static byte[] builtIn() {
        try (InputStream in = SorryPage.class.getResourceAsStream(PAGE)) {
            return Objects.requireNonNull(in, "the built-in sorry page is missing in the jar")
                    .readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the built-in sorry page", e);
        }
    }

    /**
     * The page {@code 404.html} of a directory, with the other files of the directory and of those below it. {@code index.html}, hidden files,
     * links and files over 1 MiB are not served.
     *
     * @throws IOException if the directory or its 404.html cannot be read within 10 s, if 404.html is not a regular file of at
     *     most 1 MiB, or if the files together have more than 16 MiB; the text names the file
     */
    public static SorryPage of(Path root, int status, String reason, long retryAfterSeconds) throws IOException {
        Map<String, Answer> files = new HashMap<>();
        Map<String, byte[]> read = DocumentRoot.read(root, PAGE);
        read.forEach((name, body) -> {
            if (!name.equals(PAGE)) {
                files.put("/" + name, new Answer(200, "OK", type(name), 0, body));
            }
        });
        byte[] body = Objects.requireNonNull(read.get(PAGE));
        return new SorryPage(files, new Answer(status, reason, "text/html; charset=utf-8", retryAfterSeconds, body));
    }

    private static String type(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(ending, "application/octet-stream");
    }

    /** The response to the decoded path of a request. */
    public Answer answer(String path) {
        return files.getOrDefault(path, page);
    }
}
