package io.lvsd.conf.keyword;

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
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The value types of TLS settings. */
public final class TlsTypes {
    private static final Pattern PART = Pattern.compile("[^:,\\s]+");

    private TlsTypes() {}

    /** A file, the keyword that names it, and the place of its name. */
    public record FileName(Path path, String keyword, Origin origin) {}

    /** A file with certificates. */
    static Described<FileName> certificates() {
        Described<FileName> file = file();
        return file.reading((statement, problems) -> {
            var named = file.read(statement, problems);
            named.ifPresent(f -> problems.refersTo(
                    new HostReference(Kind.CERTIFICATES, f.path().toString(), f.keyword(), f.origin())));
            return named;
        });
    }

    /** A file with a private key. What it must fit is known only to the reader of the whole block, who refers to it. */
    static Described<FileName> key() {
        return file();
    }

    private static Described<FileName> file() {
        Described<FileName> type = Types.type(
                "FILE",
                (statement, problems) -> Types.oneWord(statement, "FILE", problems)
                        .map(word -> named(statement, word.text(), word.origin())));
        return type.twice(ValueType.Twice.LAST_REPORTED);
    }

    private static FileName named(Statement statement, String text, Origin origin) {
        return new FileName(Path.of(text), statement.name(), origin);
    }

    static ValueType<Version> version() {
        return Types.mapped(
                Arrays.stream(Version.values()).collect(Collectors.toMap(Version::toString, Function.identity())));
    }

    /**
     * Names of cipher suites, of OpenSSL or the IANA, divided by blanks, colons or commas; unknown ones are reported and left
     * out. The value holds the names of the Java runtime.
     */
    static Described<List<String>> ciphers() {
        Described<List<String>> words = Types.words("SUITE…", 1, Integer.MAX_VALUE);
        Described<List<String>> type = Types.type(words.form(), (statement, problems) -> {
            if (words.read(statement, problems).isEmpty()) {
                return Optional.empty();
            }
            List<String> suites = new ArrayList<>();
            for (Word word : statement.words()) {
                Matcher part = PART.matcher(word.text());
                while (part.find()) {
                    suite(part.group(), place(word, part), statement, problems)
                            .filter(s -> !suites.contains(s))
                            .ifPresent(suites::add);
                }
            }
            return suites.isEmpty() ? Optional.empty() : Optional.of(suites);
        });
        return type.shaped(Shape.Simple.WORDS);
    }

    private static Optional<String> suite(String name, Origin origin, Statement statement, Problems problems) {
        Optional<String> known = CipherSuites.javaName(name);
        if (known.isEmpty()) {
            boolean group = name.matches("[!+@-].*|DEFAULT|ALL|HIGH|MEDIUM|LOW|COMPLEMENTOF.*|[ak][A-Z]+");
            problems.error(
                    origin,
                    "'" + name + "' is not a known cipher suite and is ignored",
                    group
                            ? "groups of OpenSSL are not supported: name each suite; 'openssl ciphers -v " + name
                                    + "' lists them"
                            : Suggestion.nearest(name, CipherSuites.names())
                                    .map(n -> "did you mean '" + n + "'?")
                                    .orElse("such as ECDHE-RSA-AES256-GCM-SHA384 or TLS_AES_256_GCM_SHA384"));
        }
        known.ifPresent(
                suite -> problems.refersTo(new HostReference(Kind.CIPHER_SUITE, suite, statement.name(), origin)));
        return known;
    }

    /** The place of a part of a word, which may be written in quotes. */
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
