package io.lvsd.conf.keyword;

import io.lvsd.conf.source.DecimalParser;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Value types of whole numbers. */
public final class NumberTypes {
    public static final long U32_MAX = 0xffff_ffffL;
    public static final int MAX_PORT = 65_535;
    private static final int MAX_DIGITS = 18;
    private static final Pattern LEADING_NUMBER = Pattern.compile("\\s*([+-]?)0*(\\d+)(.*)", Pattern.DOTALL);

    private NumberTypes() {}

    /** A whole number in a range. */
    public static FunctionType<Long> number(long min, long max) {
        return number(min, max, false);
    }

    /** As {@link #number(long, long)}: of a word that only begins with a number, the number is used, as in keepalived. */
    public static FunctionType<Long> lenientNumber(long min, long max) {
        return number(min, max, true);
    }

    private static FunctionType<Long> number(long min, long max, boolean lenient) {
        String form = "N (" + min + ".." + max + ")";
        return FunctionType.of(
                form,
                (statement, problems) -> TextTypes.oneWord(statement, form, problems)
                        .flatMap(word -> number(word, statement.name(), min, max, lenient, problems)));
    }

    /** A port from 1. */
    public static FunctionType<Long> port() {
        return number(1, MAX_PORT);
    }

    /** One or more numbers. */
    public static FunctionType<List<Long>> numbers(String form, long min, long max) {
        FunctionType<List<Long>> type = FunctionType.of(form, (statement, problems) -> {
            List<Long> numbers = new ArrayList<>();
            for (Word word : statement.words()) {
                number(word, statement.name(), min, max, problems).ifPresent(numbers::add);
            }
            if (statement.words().isEmpty()) {
                TextTypes.missing(statement, form, problems);
            }
            return numbers.size() == statement.words().size() && !numbers.isEmpty()
                    ? Optional.of(numbers)
                    : Optional.empty();
        });
        return type.shaped(Shape.Simple.WORDS);
    }

    /** A number from one word, for types made of several. */
    public static Optional<Long> number(Word word, String what, long min, long max, Problems problems) {
        return number(word, what, min, max, false, problems);
    }

    /** As {@link #number(Word, String, long, long, Problems)}: garbage after the number is reported and left out. */
    public static Optional<Long> lenientNumber(Word word, String what, long min, long max, Problems problems) {
        return number(word, what, min, max, true, problems);
    }

    private static Optional<Long> number(
            Word word, String what, long min, long max, boolean lenient, Problems problems) {
        OptionalLong digits = DecimalParser.of(word.text());
        if (digits.isPresent() && digits.getAsLong() >= min && digits.getAsLong() <= max) {
            return Optional.of(digits.getAsLong());
        }
        String expected = min + " to " + max;
        Matcher m = LEADING_NUMBER.matcher(word.text());
        if (!m.matches()) {
            return TextTypes.invalid(word, what, expected, problems);
        }
        // Of a longer number 18 digits are enough: it is out of range in any case.
        String shortened =
                m.group(2).substring(0, Math.min(MAX_DIGITS, m.group(2).length()));
        long value = Long.parseLong(m.group(1) + shortened);
        boolean inRange =
                value >= min && value <= max && !(min >= 0 && m.group(1).equals("-"));
        if (!m.group(3).isEmpty()) {
            boolean used = lenient && inRange;
            problems.error(
                    word.origin(),
                    "invalid " + what + " '" + word.text() + "': expected " + expected
                            + (used ? ", " + value + " is used" : ""),
                    "remove '" + m.group(3) + "'");
            return used ? Optional.of(value) : Optional.empty();
        }
        return inRange ? Optional.of(value) : TextTypes.invalid(word, what, expected, problems);
    }
}
