package io.lvsd.checkers.protocol;

import io.lvsd.checkers.probe.AgentReply;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.protocol.Exchange.Move;
import io.lvsd.conf.check.http.JsonMatch;
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
import org.jspecify.annotations.Nullable;

/** Judges an answer of any version of HTTP. Keeps no more of a body than the first MiB, and that only to search it. */
final class HttpEvaluation {
    /** Bytes of a body that are searched. */
    static final int SEARCHED = 1024 * 1024;
    /** Bytes after which a body, decompressed or not, is a failure. */
    static final long MOST = 16L * 1024 * 1024;
    /** A compressed body that becomes this many times as long is there to do harm, once it is longer than that. */
    private static final int BOMB_RATIO = 250;

    private static final long BOMB_LENGTH = 256L * 1024;

    private final Url url;
    private final int port;
    private final @Nullable MessageDigest md5;
    private final boolean keeps;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
    private int status;
    private long seen;
    private long arrived;
    private Optional<String> location = Optional.empty();
    private Optional<String> weightWord = Optional.empty();
    private Optional<Inflation> inflation = Optional.empty();
    private Optional<String> redirect = Optional.empty();

    /** @param port that was asked */
    HttpEvaluation(Url url, int port) {
        this.url = url;
        this.port = port;
        this.md5 = url.digest().isPresent() ? newMd5() : null;
        this.keeps = url.regex().isPresent()
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
        location = field.apply("location");
        if (url.weight().orElse(null) instanceof WeightPart.Header(var name)) {
            weightWord = field.apply(name.toLowerCase(Locale.ROOT));
        }
        String coding = field.apply("content-encoding").orElse("").toLowerCase(Locale.ROOT);
        if (url.compressed() && (coding.equals("gzip") || coding.equals("x-gzip") || coding.equals("deflate"))) {
            inflation = Optional.of(new Inflation(!coding.equals("deflate"), this::plain));
        }
    }

    /** More of the body; a failure if it is already certain. */
    Optional<Failed> body(byte[] bytes, int from, int length) {
        arrived += length;
        if (arrived > MOST) {
            return tooLong();
        }
        return inflation.isPresent() ? inflation.get().feed(bytes, from, length) : plain(bytes, from, length);
    }

    private static Optional<Failed> tooLong() {
        return Optional.of(new Failed(Reason.RESPONSE_BROKEN, "the body has more than " + MOST / 1024 / 1024 + " MiB"));
    }

    private Optional<Failed> plain(byte[] bytes, int from, int length) {
        seen += length;
        if (seen > MOST) {
            return tooLong();
        }
        if (inflation.isPresent() && seen > BOMB_LENGTH && seen / arrived > BOMB_RATIO) {
            return Optional.of(new Failed(
                    Reason.RESPONSE_BROKEN, "the compressed body becomes more than " + BOMB_RATIO + " times as long"));
        }
        if (md5 != null) {
            md5.update(bytes, from, length);
        }
        if (keeps && kept.size() < SEARCHED) {
            kept.write(bytes, from, Math.min(length, SEARCHED - kept.size()));
        }
        return Optional.empty();
    }

    /** Whether the rest of the body cannot change the verdict. */
    boolean hasEnough() {
        return keeps && md5 == null && kept.size() >= SEARCHED;
    }

    /** Bytes of the body that are kept. */
    int kept() {
        return kept.size();
    }

    /** The answer is complete. A search is left to be done elsewhere. */
    Move end() {
        boolean cut = inflation.isPresent()
                && !hasEnough()
                && arrived > 0
                && !inflation.get().isComplete();
        if (status >= 300 && status <= 399 && url.redirects() > 0) {
            redirect = location.flatMap(this::pathOf);
            if (redirect.isPresent()) {
                return new Move.End(Passed.plain(), new byte[0]);
            }
        }
        if (url.statusCodes().stream().noneMatch(range -> range.contains(status))) {
            return new Move.End(new Failed(Reason.STATUS, "status " + status), new byte[0]);
        }
        if (cut) {
            return Exchange.broken("the compressed body is cut off");
        }
        if (md5 != null) {
            String digest = HexFormat.of().formatHex(md5.digest());
            if (!digest.equals(url.digest().orElse(""))) {
                return new Move.End(new Failed(Reason.DIGEST, "digest " + digest), new byte[0]);
            }
        }
        return keeps
                ? new Move.Later(this::searched)
                : new Move.End(new Passed(weightWord.flatMap(AgentReply::parse)), new byte[0]);
    }

    /** As {@link Exchange#letGo}. */
    void letGo() {
        inflation.ifPresent(Inflation::close);
    }

    /** The path of a redirect to the same host and port, with or without them. */
    private Optional<String> pathOf(String target) {
        try {
            URI uri = new URI(target);
            boolean here = uri.getRawAuthority() == null
                    || uri.getRawAuthority().equalsIgnoreCase(url.host())
                    || withoutPort(uri.getRawAuthority()).equalsIgnoreCase(withoutPort(url.host()))
                            && (uri.getPort() == -1 || uri.getPort() == port);
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            return here && path.startsWith("/") ? Optional.of(path + query) : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    private static String withoutPort(String authority) {
        return authority.replaceFirst(":\\d+$", "");
    }

    public Optional<String> redirect() {
        return redirect;
    }

    private ProbeResult searched() {
        byte[] body = kept.toByteArray();
        if (url.regex().isPresent()) {
            Optional<Failed> failure = RegexSearch.failure(url.regex().get(), body);
            if (failure.isPresent()) {
                return failure.get();
            }
        }
        boolean wantsJson =
                url.weight().filter(WeightPart.Json.class::isInstance).isPresent();
        if (url.json().isEmpty() && !wantsJson) {
            return new Passed(weightWord.flatMap(AgentReply::parse));
        }
        Map<String, String> fields = JsonFields.read(body);
        for (JsonMatch wanted : url.json()) {
            String found = fields.get(wanted.pointer());
            if (!wanted.value().equals(found)) {
                return new Failed(
                        Reason.BODY,
                        "JSON field " + wanted.pointer() + (found == null ? " is missing" : " is " + shortened(found)));
            }
        }
        if (url.weight().orElse(null) instanceof WeightPart.Json(var pointer)) {
            weightWord = Optional.ofNullable(fields.get(pointer));
        }
        return new Passed(weightWord.flatMap(AgentReply::parse));
    }

    private static String shortened(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }
}
