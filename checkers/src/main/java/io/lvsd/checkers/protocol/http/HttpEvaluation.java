package io.lvsd.checkers.protocol.http;

import io.lvsd.checkers.probe.AgentReply;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.checkers.protocol.Exchange.Action;
import io.lvsd.checkers.regex.RegexSearch;
import io.lvsd.conf.check.http.JsonMatch;
import io.lvsd.conf.check.http.StatusRange;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.check.http.WeightPart;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Evaluates a response of any version of HTTP. Only a body that is searched is searched in memory, and only its first MiB. */
final class HttpEvaluation {
    /** A longer body, compressed or decompressed, fails. */
    static final long MAX_BODY = 16L * 1024 * 1024;
    /** A body that decompresses to more than {@link #BOMB_LENGTH} and to so many times its size is an attack. */
    private static final int BOMB_RATIO = 250;

    private static final long BOMB_LENGTH = 256L * 1024;

    private final Url url;
    private final int port;
    private final @Nullable MessageDigest md5;
    private final boolean searches;
    private final ByteArrayOutputStream searched = new ByteArrayOutputStream(0);
    private int status;
    private long seen;
    private long arrived;
    private Optional<String> location = Optional.empty();
    private Optional<String> weightText = Optional.empty();
    private Optional<CompressedBody> decompression = Optional.empty();
    private Optional<String> redirect = Optional.empty();

    /** @param port of the server */
    HttpEvaluation(Url url, int port) {
        this.url = url;
        this.port = port;
        this.md5 = url.digest().isPresent() ? newMd5() : null;
        this.searches = url.regex().isPresent()
                || !url.json().isEmpty()
                || url.weight().filter(WeightPart.Json.class::isInstance).isPresent();
    }

    private static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** @param field finds a header field by its name in lower case */
    void head(int code, Function<String, Optional<String>> field) {
        status = code;
        location = url.redirects() > 0 ? field.apply("location") : Optional.empty();
        if (url.weight().orElse(null) instanceof WeightPart.Header(var name)) {
            weightText = field.apply(name.toLowerCase(Locale.ROOT));
        }
        if (!url.compressed()) {
            return;
        }
        String coding = field.apply("content-encoding").orElse("").toLowerCase(Locale.ROOT);
        if (coding.equals("gzip") || coding.equals("x-gzip") || coding.equals("deflate")) {
            decompression = Optional.of(new CompressedBody(!coding.equals("deflate"), this::decompressed));
        }
    }

    /** Status code of the response; 0 before {@link #head}. */
    int status() {
        return status;
    }

    /** More of the body; a failure if it is already certain. */
    Optional<Failed> body(byte[] bytes, int from, int length) {
        arrived += length;
        if (arrived > MAX_BODY) {
            return tooLong();
        }
        return decompression.isPresent()
                ? decompression.get().feed(bytes, from, length)
                : decompressed(bytes, from, length);
    }

    private static Optional<Failed> tooLong() {
        return Optional.of(new Failed(Reason.RESPONSE_BROKEN, "body of more than " + MAX_BODY / 1024 / 1024 + " MiB"));
    }

    private Optional<Failed> decompressed(byte[] bytes, int from, int length) {
        seen += length;
        if (seen > MAX_BODY) {
            return tooLong();
        }
        if (decompression.isPresent() && seen > BOMB_LENGTH && seen / arrived > BOMB_RATIO) {
            return Optional.of(
                    new Failed(Reason.RESPONSE_BROKEN, "compressed body grows by more than a factor of " + BOMB_RATIO));
        }
        if (md5 != null) {
            md5.update(bytes, from, length);
        }
        if (searches && searched.size() < RegexSearch.MAX_SUBJECT) {
            searched.write(bytes, from, Math.min(length, RegexSearch.MAX_SUBJECT - searched.size()));
        }
        return Optional.empty();
    }

    /** Whether the rest of the body cannot change the result. */
    boolean hasEnough() {
        return searches && md5 == null && searched.size() >= RegexSearch.MAX_SUBJECT;
    }

    /** Bytes of the body in memory. */
    int buffered() {
        return searched.size();
    }

    /** The response is complete. A search of its body is left to another thread. */
    Action end() {
        boolean truncated = decompression.isPresent()
                && !hasEnough()
                && arrived > 0
                && !decompression.get().isComplete();
        if (status >= 300 && status <= 399 && url.redirects() > 0) {
            redirect = location.flatMap(this::pathOf);
            if (redirect.isPresent()) {
                return new Action.Finish(Passed.plain());
            }
        }
        if (!isExpectedStatus()) {
            String expected =
                    url.statusCodes().stream().map(StatusRange::toString).collect(Collectors.joining(" "));
            return new Action.Finish(Failed.mismatch(Reason.STATUS, expected, String.valueOf(status)));
        }
        if (truncated) {
            return Exchange.broken("compressed body is cut off");
        }
        if (md5 != null) {
            String digest = HexFormat.of().formatHex(md5.digest());
            String expected = url.digest().orElse("");
            if (!digest.equals(expected)) {
                return new Action.Finish(Failed.mismatch(Reason.DIGEST, "digest " + expected, "digest " + digest));
            }
        }
        return searches ? new Action.EvaluateAsync(this::search) : new Action.Finish(passed());
    }

    private boolean isExpectedStatus() {
        for (StatusRange range : url.statusCodes()) {
            if (range.contains(status)) {
                return true;
            }
        }
        return false;
    }

    /** Releases memory that is not on the heap. Called once. */
    void release() {
        decompression.ifPresent(CompressedBody::close);
    }

    /** The path of a redirect to the same host and port, with or without them. */
    private Optional<String> pathOf(String target) {
        try {
            URI uri = new URI(target);
            boolean sameServer = uri.getRawAuthority() == null
                    || uri.getRawAuthority().equalsIgnoreCase(url.host())
                    || withoutPort(uri.getRawAuthority()).equalsIgnoreCase(withoutPort(url.host()))
                            && (uri.getPort() == -1 || uri.getPort() == port);
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            return sameServer && path.startsWith("/") ? Optional.of(path + query) : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    private static String withoutPort(String authority) {
        return authority.replaceFirst(":\\d+$", "");
    }

    Optional<String> redirect() {
        return redirect;
    }

    private ProbeResult search() {
        byte[] body = searched.toByteArray();
        if (url.regex().isPresent()) {
            Optional<Failed> failure = RegexSearch.failure(url.regex().get(), body);
            if (failure.isPresent()) {
                return failure.get();
            }
        }
        boolean weightFromJson =
                url.weight().filter(WeightPart.Json.class::isInstance).isPresent();
        if (url.json().isEmpty() && !weightFromJson) {
            return passed();
        }
        Map<String, String> fields = JsonFields.read(body);
        for (JsonMatch expected : url.json()) {
            String found = fields.get(expected.pointer());
            if (!expected.value().equals(found)) {
                return Failed.mismatch(
                        Reason.BODY,
                        "JSON field " + expected.pointer() + " = " + expected.value(),
                        found == null ? "no such field" : found);
            }
        }
        if (url.weight().orElse(null) instanceof WeightPart.Json(var pointer)) {
            weightText = Optional.ofNullable(fields.get(pointer));
        }
        return passed();
    }

    private Passed passed() {
        return new Passed(weightText.flatMap(AgentReply::parse));
    }
}
