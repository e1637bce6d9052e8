package io.lvsd.conf.keyword;

import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Value types of words, choices and switches. */
public final class TextTypes {
    private TextTypes() {}

    /** Anything, not validated. */
    public static FunctionType<Statement> anything(String form) {
        return FunctionType.of(form, (statement, _) -> Optional.of(statement))
                .shaped(Shape.Simple.WORDS)
                .duplicates(DuplicatePolicy.ALL);
    }

    /** Exactly one word. */
    public static FunctionType<String> text(String form) {
        return FunctionType.of(
                        form,
                        (statement, problems) ->
                                oneWord(statement, form, problems).map(Word::text))
                .duplicates(DuplicatePolicy.LAST_REPORTED);
    }

    /** One word or none. */
    public static FunctionType<Optional<String>> optionalText(String what) {
        String form = "[" + what + "]";
        return FunctionType.of(form, (statement, problems) -> {
            Optional<List<Word>> words = words(statement, form, 0, 1, problems);
            return words.isEmpty()
                    ? Optional.empty()
                    : Optional.of(words.get().stream().map(Word::text).findFirst());
        });
    }

    /** One word that a function understands. */
    public static <T> FunctionType<T> parsed(
            String form, Function<String, Optional<T>> parser, String what, String expected) {
        return FunctionType.of(
                form,
                (statement, problems) -> oneWord(statement, form, problems).flatMap(word -> {
                    Optional<T> value = parser.apply(word.text());
                    return value.isPresent() ? value : invalid(word, what, expected, problems);
                }));
    }

    /** One of several words, case-sensitive. */
    public static FunctionType<String> choice(List<String> choices) {
        String form = String.join("|", choices);
        return FunctionType.of(
                form,
                (statement, problems) -> oneWord(statement, form, problems).flatMap(word -> {
                    if (choices.contains(word.text())) {
                        return Optional.of(word.text());
                    }
                    problems.error(
                            word.origin(),
                            "invalid " + statement.name() + " '" + word.text() + "'",
                            Suggestion.nearest(word.text(), choices)
                                            .map(n -> "did you mean '" + n + "'? ")
                                            .orElse("")
                                    + "expected one of: " + String.join(" ", choices));
                    return Optional.empty();
                }));
    }

    /** One of several words in any case; the value is in capitals. */
    public static FunctionType<String> choiceAnyCase(List<String> choices) {
        String form = String.join("|", choices);
        return FunctionType.of(
                form,
                (statement, problems) -> oneWord(statement, form, problems).flatMap(word -> {
                    String capitals = word.text().toUpperCase(Locale.ROOT);
                    return choices.contains(capitals)
                            ? Optional.of(capitals)
                            : invalid(word, statement.name(), "one of: " + String.join(" ", choices), problems);
                }));
    }

    /** One of an enum's names, in any case. */
    public static <E extends Enum<E>> FunctionType<E> anyCase(Class<E> type) {
        FunctionType<String> choice = choiceAnyCase(
                Arrays.stream(type.getEnumConstants()).map(Enum::name).toList());
        return FunctionType.of(
                choice.form(),
                (statement, problems) -> choice.read(statement, problems).map(name -> Enum.valueOf(type, name)));
    }

    /** One of several words, each with its value. */
    public static <T> FunctionType<T> mapped(Map<String, T> words) {
        FunctionType<String> choice = choice(words.keySet().stream().sorted().toList());
        return FunctionType.of(
                choice.form(),
                (statement, problems) -> choice.read(statement, problems).map(words::get));
    }

    /** One of an enum's names, in lower case. */
    public static <E extends Enum<E>> FunctionType<E> lowerCase(E[] constants) {
        return mapped(Arrays.stream(constants)
                .collect(Collectors.toMap(c -> c.name().toLowerCase(Locale.ROOT), Function.identity())));
    }

    /**
     * One of on, true, yes, off, false, no; no word means on. Any other word is reported and means on: keepalived reads no
     * argument of such a keyword.
     */
    public static FunctionType<Boolean> flag() {
        return onOff(Optional.of(true), ", treated as on");
    }

    /** One of on, true, yes, off, false, no; no word means on. Any other word is reported, and the line is ignored. */
    public static FunctionType<Boolean> bool() {
        return onOff(Optional.empty(), ", the line is ignored");
    }

    private static FunctionType<Boolean> onOff(Optional<Boolean> otherwise, String effect) {
        return FunctionType.of("[on|off]", (statement, problems) -> {
            if (statement.words().isEmpty()) {
                return Optional.of(true);
            }
            Word word = statement.words().getFirst();
            return switch (word.text()) {
                case "on", "true", "yes" -> Optional.of(true);
                case "off", "false", "no" -> Optional.of(false);
                default -> {
                    problems.error(
                            word.origin(),
                            "invalid " + statement.name() + " '" + word.text() + "': expected on or off" + effect,
                            "write on, true, yes, off, false or no");
                    yield otherwise;
                }
            };
        });
    }

    /** Between {@code min} and {@code max} words; surplus ones are reported and left out. */
    public static Optional<List<Word>> words(Statement statement, String form, int min, int max, Problems problems) {
        List<Word> words = statement.words();
        if (words.size() < min) {
            missing(statement, form, problems);
            return Optional.empty();
        }
        if (words.size() > max) {
            problems.error(
                    words.get(max).origin(),
                    "unexpected '" + words.get(max).text() + "'",
                    "expected: " + statement.name() + " " + form);
        }
        return Optional.of(words.stream().limit(max).toList());
    }

    /** The first word; surplus ones are reported, none is an error. */
    public static Optional<Word> oneWord(Statement statement, String form, Problems problems) {
        return words(statement, form, 1, 1, problems).map(List::getFirst);
    }

    /** Reports that a value is missing. */
    public static void missing(Statement statement, String form, Problems problems) {
        problems.error(
                statement.origin(),
                "'" + statement.name() + "' requires a value",
                "expected: " + statement.name() + " " + form);
    }

    /** Reports an invalid word and returns no value. */
    public static <T> Optional<T> invalid(Word word, String what, String expected, Problems problems) {
        problems.error(word.origin(), "invalid " + what + " '" + word.text() + "': expected " + expected);
        return Optional.empty();
    }
}
