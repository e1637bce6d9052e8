package io.lvsd.conf.check.probe;

import io.lvsd.conf.keyword.FunctionType;
import io.lvsd.conf.keyword.NumberTypes;
import io.lvsd.conf.keyword.Shape;
import io.lvsd.conf.keyword.TextTypes;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Word;
import java.util.List;
import java.util.Optional;

/** Value types of files and sessions that checks follow. */
public final class TrackTypes {
    private TrackTypes() {}

    /**
     * The weight of a tracked file or session.
     *
     * @param reverse whether the factor is negated, if written
     */
    public record TrackWeight(long factor, Optional<Boolean> reverse) {}

    /**
     * The number that is written to a file at start.
     *
     * @param overwrite whether it is written to an existing file too
     */
    public record InitialValue(int value, boolean overwrite) {}

    /** {@code N [reverse|noreverse]}. */
    public static FunctionType<TrackWeight> weight(long max) {
        String form = "N (-" + max + ".." + max + ") [reverse|noreverse]";
        FunctionType<TrackWeight> type = FunctionType.of(
                form,
                (statement, problems) -> TextTypes.words(statement, form, 1, 2, problems)
                        .flatMap(words -> weight(words, max, problems)));
        return type.shaped(Shape.Simple.WORDS);
    }

    private static Optional<TrackWeight> weight(List<Word> words, long max, Problems problems) {
        Optional<Long> factor = NumberTypes.number(words.getFirst(), "weight", -max, max, problems);
        if (words.size() == 1) {
            return factor.map(f -> new TrackWeight(f, Optional.empty()));
        }
        String option = words.get(1).text();
        return option.matches("(no)?reverse")
                ? factor.map(f -> new TrackWeight(f, Optional.of(option.equals("reverse"))))
                : TextTypes.invalid(words.get(1), "option", "reverse or noreverse", problems);
    }

    /** {@code [VALUE] [overwrite]}. */
    public static FunctionType<InitialValue> initialValue() {
        String form = "[VALUE] [overwrite]";
        FunctionType<InitialValue> type = FunctionType.of(
                form,
                (statement, problems) -> TextTypes.words(statement, form, 0, 2, problems)
                        .flatMap(words -> initialValue(words, problems)));
        return type.shaped(Shape.Simple.WORDS);
    }

    private static Optional<InitialValue> initialValue(List<Word> words, Problems problems) {
        Optional<Integer> value = Optional.empty();
        boolean overwrite = false;
        for (Word word : words) {
            if (word.text().equals("overwrite")) {
                overwrite = true;
                continue;
            }
            Optional<Long> number =
                    NumberTypes.number(word, "init_file", Integer.MIN_VALUE, Integer.MAX_VALUE, problems);
            if (number.isEmpty()) {
                return Optional.empty();
            }
            value = value.or(() -> number.map(Long::intValue));
        }
        return Optional.of(new InitialValue(value.orElse(0), overwrite));
    }
}
