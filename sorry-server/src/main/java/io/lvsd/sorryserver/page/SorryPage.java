package io.lvsd.sorryserver.page;

import io.lvsd.sorryserver.page.Answer.Field;
import io.lvsd.sorryserver.setup.PageSetup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sorry page, the response to every URL with an error status, never 200 and never 404, and the files that the page needs,
 * which are served with status 200. All is in memory and rendered before it is needed. Immutable, thread-safe.
 */
public final class SorryPage {
    /** The file with the page. A request for this name gets the page with its error status, too. */
    static final String PAGE = "404.html";

    private static final Duration LONGEST_RETRY = Duration.ofDays(30);
    private static final int GRPC_UNAVAILABLE = 14;
    private static final byte[] EMPTY = {};

    /** For a request that is not valid HTTP. */
    public static final Answer BAD_REQUEST = new Answer(
            400,
            "Bad Request",
            List.of(new Field("content-type", Format.TEXT.contentType()), new Field("cache-control", "no-store")),
            "Bad Request\n".getBytes(StandardCharsets.US_ASCII));

    private final PageSetup setup;
    private final Map<String, Asset> assets;
    private final byte @Nullable [] html;
    private final long fingerprint;
    private final long retryAfter;
    private final boolean showsEnd;
    private final Map<Format, Answer> answers = new EnumMap<>(Format.class);
    private final Answer grpc;

    private SorryPage(
            PageSetup setup, Map<String, Asset> assets, byte @Nullable [] html, long fingerprint, Instant now) {
        this.setup = setup;
        this.assets = assets;
        this.html = html;
        this.fingerprint = fingerprint;
        this.retryAfter = retryAfter(setup, now);
        this.showsEnd = hasEnd(setup, now);
        PageSetup shown = showsEnd ? setup : withoutEnd(setup);
        ZoneId zone = ZoneId.systemDefault();
        answers.put(Format.HTML, answer(Format.HTML, html == null ? PageText.html(shown, zone) : html));
        answers.put(Format.JSON, answer(Format.JSON, PageText.json(shown, retryAfter)));
        answers.put(Format.TEXT, answer(Format.TEXT, PageText.text(shown, zone)));
        this.grpc = grpc();
    }

    /**
     * Reads and renders a page.
     *
     * @throws IOException if the root or its 404.html cannot be read within 10 s, if 404.html is not a regular file of at most
     *     1 MiB, if the files together have more than 64 MiB, or if the root is that of an application; the text names the file
     */
    public static SorryPage of(PageSetup setup, Instant now) throws IOException {
        if (setup.root().isEmpty()) {
            return new SorryPage(setup, Map.of(), null, 0, now);
        }
        DocumentRoot.Contents contents = DocumentRoot.read(setup.root().get(), PAGE);
        Map<String, Asset> assets = new HashMap<>();
        contents.files().forEach((name, content) -> {
            if (!name.equals(PAGE)) {
                assets.put("/" + name, new Asset(name, content));
            }
        });
        byte[] html = Objects.requireNonNull(contents.files().get(PAGE));
        return new SorryPage(setup, Map.copyOf(assets), html, contents.fingerprint(), now);
    }

    private static boolean hasEnd(PageSetup setup, Instant now) {
        return setup.until().filter(now::isBefore).isPresent();
    }

    /**
     * Whether a directory can be the root of a page.
     *
     * @throws IOException if not, as {@link #of}
     */
    public static void validate(Path root) throws IOException {
        DocumentRoot.Contents _ = DocumentRoot.read(root, PAGE);
    }

    private static PageSetup withoutEnd(PageSetup page) {
        return new PageSetup(
                page.root(),
                page.status(),
                page.reason(),
                page.retryAfterSeconds(),
                page.title(),
                page.message(),
                Optional.empty());
    }

    /** The remaining time, if there is any; at least 1 s. */
    private static long retryAfter(PageSetup setup, Instant now) {
        Optional<Instant> end = setup.until().filter(now::isBefore);
        if (end.isEmpty()) {
            return setup.retryAfterSeconds();
        }
        long millis = Math.min(
                LONGEST_RETRY.toMillis(), Duration.between(now, end.get()).toMillis());
        return Math.ceilDiv(millis, 1_000);
    }

    private Answer answer(Format format, byte[] body) {
        List<Field> fields = new ArrayList<>(List.of(
                new Field("content-type", format.contentType()),
                new Field("cache-control", "no-store"),
                new Field("x-content-type-options", "nosniff"),
                new Field("content-security-policy", "frame-ancestors 'none'")));
        if (retryAfter > 0) {
            fields.add(new Field("retry-after", Long.toString(retryAfter)));
        }
        return new Answer(setup.status(), setup.reason(), fields, body);
    }

    /** The response of a gRPC service that is unavailable: its status is in a field, that of HTTP is always 200. */
    private static Answer grpc() {
        return new Answer(
                200,
                "OK",
                List.of(
                        new Field("content-type", "application/grpc"),
                        new Field("cache-control", "no-store"),
                        new Field("grpc-status", Integer.toString(GRPC_UNAVAILABLE)),
                        new Field("grpc-message", "service temporarily unavailable")),
                EMPTY);
    }

    /** The page in one of its forms. */
    public Answer answer(Format format) {
        return Objects.requireNonNull(answers.get(format));
    }

    /** The response to a gRPC request. */
    public Answer grpcAnswer() {
        return grpc;
    }

    /** Whether it was read from files. */
    public boolean hasRoot() {
        return setup.root().isPresent();
    }

    /** Whether there are files besides the page. */
    public boolean hasAssets() {
        return !assets.isEmpty();
    }

    /**
     * The response to GET or HEAD for a file; empty if the page is the response.
     *
     * @param path decoded, from the root, without query
     * @param conditions of the request
     */
    public Optional<Answer> asset(String path, Conditions conditions) {
        return Optional.ofNullable(assets.get(path))
                .map(a -> a.answer(conditions.ifNoneMatch(), conditions.range(), conditions.ifRange()));
    }

    /** Fields of a request that decide which part of a file is sent; empty text if absent. */
    public record Conditions(String ifNoneMatch, String range, String ifRange) {
        public static final Conditions NONE = new Conditions("", "", "");
    }

    /**
     * This page at a later time: read again if its files changed, and rendered again if the remaining time differs.
     *
     * @return this object if nothing changed
     * @throws IOException as {@link #of}
     */
    public SorryPage at(Instant now) throws IOException {
        if (setup.root().isPresent() && DocumentRoot.fingerprint(setup.root().get(), PAGE) != fingerprint) {
            return of(setup, now);
        }
        return retryAfter(setup, now) != retryAfter || hasEnd(setup, now) != showsEnd
                ? new SorryPage(setup, assets, html, fingerprint, now)
                : this;
    }
}
