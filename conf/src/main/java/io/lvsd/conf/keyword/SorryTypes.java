package io.lvsd.conf.keyword;

import io.lvsd.conf.source.HostReference;
import io.lvsd.conf.source.HostReference.KeyUse;
import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Value types of the sorry page. */
public final class SorryTypes {
    /** The word of {@code banner} for a reset of the connection. */
    public static final String RESET = "reset";

    static final int MAX_TITLE = 200;
    static final int MAX_MESSAGE = 2_000;
    private static final int MAX_REASON = 100;
    private static final int MAX_BANNER = 500;
    private static final int MAX_PORTS = 64;
    private static final String HOST_NAME =
            "(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*";

    private SorryTypes() {}

    /** The files of {@code tls}. */
    public record CertificateAndKey(String certificate, String key) {}

    /** Text of a limited length in one word; it may be empty. */
    static FunctionType<String> text(int max) {
        return limited(
                "TEXT",
                max,
                "text of at most " + max + " characters without control characters",
                t -> !t.codePoints()
                        .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE));
    }

    static FunctionType<String> reason() {
        return limited(
                "TEXT", MAX_REASON, "1 to " + MAX_REASON + " printable ASCII characters", t -> t.matches("[ -~]+"));
    }

    static FunctionType<String> banner() {
        return limited(
                "TEXT|reset",
                MAX_BANNER,
                "1 to " + MAX_BANNER + " characters without control characters, or reset",
                t -> !t.isEmpty() && t.codePoints().noneMatch(Character::isISOControl));
    }

    private static FunctionType<String> limited(
            String form, int max, String expected, java.util.function.Predicate<String> allowed) {
        return FunctionType.of(
                        form,
                        (statement, problems) -> TextTypes.oneWord(statement, form, problems)
                                .flatMap(word -> {
                                    String text = word.text();
                                    boolean valid = text.codePointCount(0, text.length()) <= max && allowed.test(text);
                                    if (!valid) {
                                        problems.error(
                                                word.origin(),
                                                "invalid " + statement.name() + ": expected " + expected,
                                                "shorten it, and remove other characters");
                                    }
                                    return valid ? Optional.of(text) : Optional.empty();
                                }))
                .duplicates(DuplicatePolicy.LAST_REPORTED);
    }

    /** One or more ports. */
    static FunctionType<List<Integer>> ports() {
        String form = "PORT…";
        FunctionType<List<Long>> numbers = NumberTypes.numbers(form, 1, NumberTypes.MAX_PORT);
        return FunctionType.of(
                        form,
                        (statement, problems) -> numbers.read(statement, problems)
                                .flatMap(all -> {
                                    List<Integer> ports = all.stream()
                                            .map(Long::intValue)
                                            .distinct()
                                            .toList();
                                    if (ports.size() > MAX_PORTS) {
                                        problems.error(
                                                statement.origin(),
                                                "'" + statement.name() + "' has " + ports.size()
                                                        + " ports: expected at most " + MAX_PORTS,
                                                "remove ports that clients do not use");
                                        return Optional.empty();
                                    }
                                    return Optional.of(ports);
                                }))
                .shaped(Shape.Simple.WORDS)
                .duplicates(DuplicatePolicy.LAST_REPORTED);
    }

    /** A file with a certificate, and one with its key. */
    static FunctionType<CertificateAndKey> certificateAndKey() {
        String form = "CERTIFICATE KEY";
        return FunctionType.of(
                        form,
                        (statement, problems) -> TextTypes.words(statement, form, 2, 2, problems)
                                .map(words -> certificateAndKey(statement, words, problems)))
                .shaped(Shape.Simple.PHRASES)
                .duplicates(DuplicatePolicy.ALL);
    }

    private static CertificateAndKey certificateAndKey(Statement statement, List<Word> words, Problems problems) {
        Word certificate = words.getFirst();
        Word key = words.getLast();
        HostTypes.refer(Kind.CERTIFICATES, certificate, certificate.text(), statement, problems);
        problems.refersTo(new HostReference(
                Kind.PRIVATE_KEY,
                key.text(),
                statement.name(),
                key.origin(),
                Optional.of(new KeyUse(Optional.of(certificate.text()), ""))));
        return new CertificateAndKey(certificate.text(), key.text());
    }

    /** The name of a host in lower case, as a Host header has it without port; empty if it is invalid. */
    public static Optional<String> hostName(String text) {
        return Optional.of(text.toLowerCase(Locale.ROOT)).filter(t -> t.matches(HOST_NAME));
    }
}
