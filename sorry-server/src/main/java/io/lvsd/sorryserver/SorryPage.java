package io.lvsd.sorryserver;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Answers every URL with the sorry page and an error status, never 200 and never 404, except the files that the page
 * itself needs, which are served as themselves. Pure once loaded: all files are held in memory.
 */
public final class SorryPage {
    /** The file that is the page; asking for it by name gives the page with its error status, too. */
    private static final String PAGE = "404.html";

    private static final long MAX_FILE = 1024 * 1024;
    private static final long MAX_TOTAL = 16 * 1024 * 1024;
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
     * What goes back to a client.
     *
     * @param retryAfterSeconds value of Retry-After; 0 sends none
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, String reason, String contentType, long retryAfterSeconds, byte[] body) {
        /** Whether caches may keep it: only what the page needs. */
        public boolean cacheable() {
            return status == 200;
        }
    }

    /** The page that comes with lvsd. */
    public static SorryPage builtIn(int status, String reason, long retryAfterSeconds) {
        try (InputStream in = SorryPage.class.getResourceAsStream(PAGE)) {
            if (in == null) {
                throw new IllegalStateException("the built-in sorry page is missing from the jar");
            }
            return new SorryPage(
                    Map.of(),
                    new Answer(status, reason, "text/html; charset=utf-8", retryAfterSeconds, in.readAllBytes()));
        } catch (IOException e) {
            throw new IllegalStateException("the built-in sorry page cannot be read", e);
        }
    }

    /**
     * The page {@code 404.html} of a directory, with the other files beside and below it. {@code index.html}, hidden files,
     * links and files over 1 MiB are not served.
     *
     * @throws IOException if the directory or its 404.html cannot be read, or holds more than 16 MiB
     */
    public static SorryPage of(Path root, int status, String reason, long retryAfterSeconds) throws IOException {
        Map<String, Answer> files = new HashMap<>();
        long total = 0;
        for (Path file : served(root)) {
            byte[] body = Files.readAllBytes(file);
            total += body.length;
            if (total > MAX_TOTAL) {
                throw new IOException(root + " holds more than " + MAX_TOTAL / (1024 * 1024) + " MiB");
            }
            String name = root.relativize(file).toString();
            files.put("/" + name, new Answer(200, "OK", type(name), 0, body));
        }
        byte[] body = Files.readAllBytes(root.resolve(PAGE));
        return new SorryPage(files, new Answer(status, reason, "text/html; charset=utf-8", retryAfterSeconds, body));
    }

    private static List<Path> served(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(p -> isServed(root, p)).toList();
        }
    }

    private static boolean isServed(Path root, Path file) {
        String name = file.getFileName().toString();
        boolean hidden = false;
        for (Path element : root.relativize(file)) {
            hidden |= element.toString().startsWith(".");
        }
        try {
            return !hidden
                    && !name.equals("index.html")
                    && !name.equals(PAGE)
                    && Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)
                    && Files.size(file) <= MAX_FILE;
        } catch (IOException e) {
            return false;
        }
    }

    private static String type(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(ending, "application/octet-stream");
    }

    /** The answer for a request target as it stood in the request line. */
    public Answer answer(String target) {
        return files.getOrDefault(path(target), page);
    }

    private static String path(String target) {
        try {
            String path = URI.create(target).getPath();
            return path == null ? "" : path;
        } catch (IllegalArgumentException e) {
            return new String(target.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
        }
    }
}
