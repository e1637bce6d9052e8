package io.lvsd.conf.check.tls;

import io.lvsd.conf.keyword.DuplicatePolicy;
import io.lvsd.conf.keyword.FunctionType;
import io.lvsd.conf.keyword.Shape;
import io.lvsd.conf.keyword.Suggestion;
import io.lvsd.conf.keyword.TextTypes;
import io.lvsd.conf.source.HostReference;
import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import io.lvsd.conf.value.Tls.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Value types of TLS settings. */
public final class TlsTypes {
    private static final Pattern PART = Pattern.compile("[^:,\\s]+");

    private TlsTypes() {}

    /** A file, the keyword that names it, and the origin of its name. */
    public record FileName(Path path, String keyword, Origin origin) {}

    /** A file with certificates. */
    static FunctionType<FileName> certificates() {
        FunctionType<FileName> file = file();
        return file.reading((statement, problems) -> {
            var named = file.read(statement, problems);
            named.ifPresent(f -> problems.refersTo(
                    new HostReference(Kind.CERTIFICATES, f.path().toString(), f.keyword(), f.origin())));
            return named;
        });
    }

    /** A file with a private key. The reader of the whole block reports it to the host, with its certificate. */
    static FunctionType<FileName> key() {
        return file();
    }

    private static FunctionType<FileName> file() {
        FunctionType<FileName> type = FunctionType.of(
                "FILE",
                (statement, problems) -> TextTypes.oneWord(statement, "FILE", problems)
                        .map(word -> named(statement, word.text(), word.origin())));
        return type.duplicates(DuplicatePolicy.LAST_REPORTED);
    }

    private static FileName named(Statement statement, String text, Origin origin) {
        return new FileName(Path.of(text), statement.name(), origin);
    }

    static FunctionType<Version> version() {
        return TextTypes.mapped(
                Arrays.stream(Version.values()).collect(Collectors.toMap(Version::toString, Function.identity())));
    }

    /** Cipher suites by their names in the Java runtime. */
    public record CipherList(List<String> suites) {
        public CipherList {
            suites = List.copyOf(suites);
        }
    }

    /**
     * Names of cipher suites, of OpenSSL or the IANA, separated by blanks, colons or commas; unknown ones are reported and
     * left out.
     */
    static FunctionType<CipherList> ciphers() {
        FunctionType<CipherList> type = FunctionType.of(
                "SUITE…",
                (statement, problems) -> TextTypes.words(statement, "SUITE…", 1, Integer.MAX_VALUE, problems)
                        .map(words -> suites(words, statement, problems))
                        .filter(suites -> !suites.isEmpty())
                        .map(CipherList::new));
        return type.shaped(Shape.Simple.WORDS);
    }

    private static List<String> suites(List<Word> words, Statement statement, Problems problems) {
        List<String> suites = new ArrayList<>();
        for (Word word : words) {
            Matcher part = PART.matcher(word.text());
            while (part.find()) {
                suite(part.group(), place(word, part), statement, problems)
                        .filter(s -> !suites.contains(s))
                        .ifPresent(suites::add);
            }
        }
        return suites;
    }

    /** 64 hexadecimal digits; colons between bytes are allowed. */
    static FunctionType<String> pin() {
        return TextTypes.parsed(
                "64 hex digits",
                text -> Optional.of(text.replace(":", "").toLowerCase(Locale.ROOT))
                        .filter(digits -> digits.matches("[0-9a-f]{64}")),
                "tls_pin",
                "64 hexadecimal digits, the output of: openssl pkey -pubin -outform DER | sha256sum");
    }

    private static Optional<String> suite(String name, Origin origin, Statement statement, Problems problems) {
        Optional<String> known = CipherSuites.javaName(name);
        if (known.isEmpty()) {
            boolean group = name.matches("[!+@-].*|DEFAULT|ALL|HIGH|MEDIUM|LOW|COMPLEMENTOF.*|[ak][A-Z]+");
            problems.error(
                    origin,
                    "unknown cipher suite '" + name + "', ignored",
                    group
                            ? "groups of suites are not supported: name each suite, as listed by 'openssl ciphers -v "
                                    + name + "'"
                            : Suggestion.nearest(name, CipherSuites.names())
                                    .map(n -> "did you mean '" + n + "'?")
                                    .orElse("such as ECDHE-RSA-AES256-GCM-SHA384 or TLS_AES_256_GCM_SHA384"));
        }
        known.ifPresent(
                suite -> problems.refersTo(new HostReference(Kind.CIPHER_SUITE, suite, statement.name(), origin)));
        return known;
    }

    /** The origin of a part of a word, which may be in quotes. */
    private static Origin place(Word word, Matcher part) {
        Origin origin = word.origin();
        for (int column = origin.column(); column <= origin.column() + 1; column++) {
            int at = column - 1 + part.start();
            if (column > 0 && origin.sourceLine().startsWith(part.group(), at)) {
                return new Origin(origin.file(), origin.line(), at + 1, origin.sourceLine());
            }
        }
        return origin;
    }
}
