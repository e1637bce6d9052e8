package io.lvsd.conf.syntax;

import io.lvsd.conf.source.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ~SEQ(VAR, [START,] [STEP,] END) REST} and {@code ~LST(VAR, VALUE, ...) REST}.
 *
 * @param names the parameters that are given values
 * @param values for each time round a value for each name
 * @param rest the line that is repeated
 */
record Repetition(List<String> names, List<List<String>> values, SourceText rest) {
    /** Times round of one {@code ~SEQ} or {@code ~LST}. */
    static final int MAX = 65_536;

    private static final Pattern FORM = Pattern.compile("~(SEQx?|LST)\\s*\\(");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");

    /**
     * Reads the start of a line.
     *
     * @param replace puts values in for the parameters of a piece of the line
     * @return empty if it is not as it should be, which was reported
     */
    static Optional<Repetition> read(
            SourceText line, Function<SourceText, Optional<List<SourceText>>> replace, Problems problems) {
        Matcher form = FORM.matcher(line.text());
        int end = form.lookingAt() ? closing(line.text(), form.end()) : -1;
        if (end < 0) {
            problems.error(
                    line.origin(0),
                    "invalid '~': expected ~SEQ(...) or ~LST(...), the line is skipped",
                    "expected: ~SEQ(VAR, START, STEP, END) REST or ~LST(VAR, VALUE, ...) REST");
            return Optional.empty();
        }
        Optional<List<SourceText>> inside = replace.apply(line.part(form.end(), end));
        if (inside.isEmpty()) {
            return Optional.empty();
        }
        List<String> items = items(inside.get().getFirst().text());
        SourceText rest = line.from(end + 1).strip();
        Repetition.Reader reader = new Reader(line, rest, problems);
        return form.group(1).equals("LST")
                ? reader.list(items)
                : reader.sequence(items, form.group(1).equals("SEQx"));
    }

    /** The parenthesis that ends what one before {@code from} began. */
    private static int closing(String text, int from) {
        int depth = 1;
        for (int i = from; i < text.length(); i++) {
            depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return -1;
    }

    /** Parts between commas; braces group. */
    private static List<String> items(String text) {
        List<String> items = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == ',' && depth <= 0) {
                items.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        items.add(text.substring(start).strip());
        return items;
    }

    private static List<String> unbraced(String item) {
        return item.startsWith("{") && item.endsWith("}") ? items(item.substring(1, item.length() - 1)) : List.of(item);
    }

    /** Judges what was read. */
    private record Reader(SourceText line, SourceText rest, Problems problems) {
        private Optional<Repetition> error(String text, String hint) {
            problems.error(line.origin(0), text + ", the line is skipped", hint);
            return Optional.empty();
        }

        Optional<Repetition> sequence(List<String> items, boolean hex) {
            List<Optional<Long>> numbers =
                    items.stream().skip(1).map(Reader::number).toList();
            boolean good = items.size() >= 2
                    && items.size() <= 4
                    && NAME.matcher(items.getFirst()).matches()
                    && numbers.stream().allMatch(Optional::isPresent);
            if (!good) {
                return error("~SEQ requires a name and one to three numbers", "expected: ~SEQ(VAR, START, STEP, END)");
            }
            long end = numbers.getLast().orElseThrow();
            long start = numbers.size() > 1 ? numbers.getFirst().orElseThrow() : end < 0 ? -1 : 1;
            long natural = numbers.size() > 1 ? end >= start ? 1 : -1 : end < 1 ? -1 : 1;
            long step = numbers.size() > 2 ? numbers.get(1).orElseThrow() : natural;
            if (step == 0 || (end - start) * step < 0) {
                return error("~SEQ never reaches " + end, "the step is 0 or has the wrong sign");
            }
            if (hex && (start < 0 || end < 0)) {
                return error("~SEQx does not support negative numbers", "use ~SEQ");
            }
            if ((end - start) / step >= MAX) {
                return error("~SEQ has more than " + MAX + " values", "shorten the range");
            }
            List<List<String>> values = new ArrayList<>();
            for (long value = start; step > 0 ? value <= end : value >= end; value += step) {
                values.add(List.of(hex ? String.format(Locale.ROOT, "%x", value) : Long.toString(value)));
            }
            return Optional.of(new Repetition(List.of(items.getFirst()), values, rest));
        }

        /** Decimal, {@code 0x} or octal with a leading 0, below 2^31. */
        private static Optional<Long> number(String word) {
            if (!word.matches("[+-]?(0[xX][0-9a-fA-F]{1,8}|\\d{1,11})")) {
                return Optional.empty();
            }
            try {
                long value = Long.decode(word);
                return Math.abs(value) <= Integer.MAX_VALUE ? Optional.of(value) : Optional.empty();
            } catch (NumberFormatException _) {
                return Optional.empty();
            }
        }

        Optional<Repetition> list(List<String> items) {
            List<String> names = unbraced(items.getFirst());
            if (items.size() < 2
                    || !names.stream().allMatch(n -> NAME.matcher(n).matches())) {
                return error(
                        "~LST requires a name, or names in braces, and values", "expected: ~LST(VAR, VALUE, VALUE)");
            }
            if (items.size() - 1 > MAX) {
                return error("~LST has more than " + MAX + " values", "shorten the list");
            }
            List<List<String>> values = new ArrayList<>();
            for (String item : items.subList(1, items.size())) {
                List<String> given = new ArrayList<>(names.size() == 1 ? List.of(item) : unbraced(item));
                if (given.size() > names.size()) {
                    return error("~LST has more values in '" + item + "' than names", "remove some, or add a name");
                }
                while (given.size() < names.size()) {
                    given.add("");
                }
                values.add(given);
            }
            return Optional.of(new Repetition(names, values, rest));
        }
    }
}
