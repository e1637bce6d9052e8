package io.lvsd.conf.keyword;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Hints for a word that is not a keyword of its block. */
final class UnknownKeyword {
    private UnknownKeyword() {}

    /** A hint, or the empty string. */
    static String hint(KeywordIndex index, Scope scope, String word) {
        OptionalInt blank = invisible(word);
        if (blank.isPresent()) {
            return String.format(
                    Locale.ROOT,
                    "the line contains a %s (U+%04X), which is not a blank: replace it with a blank",
                    Character.getName(blank.getAsInt()).toLowerCase(Locale.ROOT),
                    blank.getAsInt());
        }
        return sameMeaning(index, scope, word)
                .map(n -> "use '" + n + "' in this block")
                .or(() -> elsewhere(index, word))
                .or(() -> Suggestion.nearest(word, index.namesIn(scope)).map(n -> "did you mean '" + n + "'?"))
                .orElseGet(() -> syntax(word));
    }

    /** A character that looks like a blank or is invisible, and does not separate words. */
    private static OptionalInt invisible(String word) {
        return word.codePoints()
                .filter(c -> c > 0x7f && (Character.isSpaceChar(c) || Character.getType(c) == Character.FORMAT))
                .findFirst();
    }

    private static Optional<String> sameMeaning(KeywordIndex index, Scope scope, String word) {
        return index.canonical(word)
                .filter(n -> !n.equals(word) && index.find(scope, n).isPresent());
    }

    private static Optional<String> elsewhere(KeywordIndex index, String word) {
        String places = index.placesOf(word);
        return places.isEmpty() ? Optional.empty() : Optional.of("allowed in " + places);
    }

    private static String syntax(String word) {
        if (word.startsWith("//") || word.startsWith("/*")) {
            return "comments start with # or !";
        }
        if (word.startsWith("$")) {
            return "no parameter of this name is defined above: define it with $NAME=VALUE";
        }
        return "";
    }
}
