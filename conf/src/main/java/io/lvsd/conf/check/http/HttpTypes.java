package io.lvsd.conf.check.http;

import io.lvsd.conf.check.regex.PcreExpression;
import io.lvsd.conf.keyword.DuplicatePolicy;
import io.lvsd.conf.keyword.FunctionType;
import io.lvsd.conf.keyword.Shape;
import io.lvsd.conf.keyword.Suggestion;
import io.lvsd.conf.keyword.TextTypes;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Value types of HTTP checks. */
public final class HttpTypes {
    /** RFC 9110, 5.6.2. */
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    private HttpTypes() {}

    /** Status codes and ranges of them, 100 to 599; invalid ones are reported and left out. */
    static FunctionType<StatusCodes> statusCodes() {
        String form = "CODE[-CODE]…";
        FunctionType<StatusCodes> type = FunctionType.of(
                form,
                (statement, problems) -> TextTypes.words(statement, form, 1, Integer.MAX_VALUE, problems)
                        .map(words -> ranges(words, problems))
                        .filter(ranges -> !ranges.isEmpty())
                        .map(StatusCodes::new));
        return type.shaped(Shape.Simple.WORDS);
    }

    private static List<StatusRange> ranges(List<Word> words, Problems problems) {
        List<StatusRange> ranges = new ArrayList<>();
        for (Word word : words) {
            Optional<StatusRange> range = StatusRange.parse(word.text());
            range.ifPresentOrElse(ranges::add, () -> {
                var _ = TextTypes.invalid(word, "status code", "100 to 599, or a range such as 200-299", problems);
            });
        }
        return ranges;
    }

    /** 32 hexadecimal digits. */
    static FunctionType<String> digest() {
        String form = "32 hex digits";
        return FunctionType.of(
                form,
                (statement, problems) -> TextTypes.oneWord(statement, form, problems)
                        .flatMap(word -> {
                            if (word.text().matches("[0-9A-Fa-f]{32}")) {
                                return Optional.of(word.text().toLowerCase(Locale.ROOT));
                            }
                            problems.error(
                                    word.origin(),
                                    "invalid digest '" + word.text() + "': expected an MD5 sum, 32 hexadecimal digits",
                                    "it has " + word.text().length()
                                            + " characters; the body is not checked without a valid digest");
                            return Optional.empty();
                        }));
    }

    /** A regular expression of PCRE2; whether it is valid depends on the options of its block. */
    static FunctionType<PcreExpression> regex() {
        return TextTypes.parsed("EXPRESSION", text -> Optional.of(PcreExpression.of(text)), "regex", "an expression")
                .duplicates(DuplicatePolicy.LAST_REPORTED);
    }

    /** {@code Name: value}, a line of an HTTP request. */
    static FunctionType<String> header() {
        return TextTypes.parsed(
                "\"NAME: VALUE\"",
                text -> Optional.of(text).filter(t -> t.matches(TOKEN + ":[^\\p{Cntrl}]*")),
                "header",
                "a name and a value, such as \"X-Check: lvsd\"");
    }

    /** The name of a header. */
    public static FunctionType<String> headerName() {
        return TextTypes.parsed(
                "HEADER", text -> Optional.of(text).filter(t -> t.matches(TOKEN)), "header", "a name such as X-Weight");
    }

    /** {@code FIELD VALUE}. */
    static FunctionType<JsonMatch> json() {
        String form = "FIELD VALUE";
        return FunctionType.of(
                form,
                (statement, problems) -> TextTypes.words(statement, form, 2, 2, problems)
                        .map(words -> new JsonMatch(
                                words.getFirst().text(), words.get(1).text())));
    }

    /** Names of options of PCRE2. */
    public record RegexOptions(List<String> names) {
        public static final RegexOptions NONE = new RegexOptions(List.of());

        private static final List<String> KNOWN = List.of(
                "allow_empty_class",
                "alt_bsux",
                "auto_callout",
                "caseless",
                "dollar_endonly",
                "dotall",
                "dupnames",
                "extended",
                "firstline",
                "match_unset_backref",
                "multiline",
                "never_ucp",
                "never_utf",
                "no_auto_capture",
                "no_auto_possess",
                "no_dotstar_anchor",
                "no_start_optimize",
                "ucp",
                "ungreedy",
                "utf",
                "never_backslash_c",
                "alt_circumflex",
                "alt_verbnames",
                "use_offset_limit");

        public RegexOptions {
            names = List.copyOf(names);
        }
    }

    /** Options of an expression; unknown ones are reported and left out, as in keepalived. */
    static FunctionType<RegexOptions> regexOptions() {
        String form = "OPTION…";
        FunctionType<RegexOptions> type = FunctionType.of(
                form,
                (statement, problems) -> TextTypes.words(statement, form, 1, RegexOptions.KNOWN.size(), problems)
                        .map(words -> {
                            words.stream()
                                    .filter(w -> !RegexOptions.KNOWN.contains(w.text()))
                                    .forEach(w -> reportUnknown(w, problems));
                            return new RegexOptions(words.stream()
                                    .map(Word::text)
                                    .filter(RegexOptions.KNOWN::contains)
                                    .toList());
                        }));
        return type.shaped(Shape.Simple.WORDS);
    }

    private static void reportUnknown(Word word, Problems problems) {
        problems.error(
                word.origin(),
                "unknown option '" + word.text() + "' of a regular expression, ignored",
                Suggestion.nearest(word.text(), RegexOptions.KNOWN)
                        .map(n -> "did you mean '" + n + "'?")
                        .orElse("such as caseless or multiline"));
    }
}
