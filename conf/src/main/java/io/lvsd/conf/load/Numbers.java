package io.lvsd.conf.load;

import io.lvsd.conf.source.DecimalParser;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Word;
import java.util.Optional;
import java.util.OptionalLong;

/** Numbers in places that have no keyword of their own. */
final class Numbers {
    private Numbers() {}

    /** A whole number within a range, perhaps after blanks inside quotes and a plus sign, or the problem reported. */
    static Optional<Long> number(Word word, String what, long min, long max, Problems problems) {
        OptionalLong digits = DecimalParser.of(word.text().stripLeading().replaceFirst("^\\+(?=\\d)", ""));
        if (digits.isEmpty()) {
            problems.error(word.origin(), "invalid " + what + " '" + word.text() + "': expected " + min + " to " + max);
            return Optional.empty();
        }
        long value = digits.getAsLong();
        if (value < min || value > max) {
            problems.error(word.origin(), "invalid " + what + " '" + word.text() + "': expected " + min + " to " + max);
            return Optional.empty();
        }
        return Optional.of(value);
    }
}
