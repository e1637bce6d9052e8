package io.lvsd.conf.keyword;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What to write instead of a word that is no keyword of its block. */
final class UnknownKeyword {
    /** Deprecated names, which are known in fewer blocks than the names that replaced them. */
    private static final Map<String, Keyword<?>> DEPRECATED =
            Map.of(Keywords.NB_GET_RETRY.name(), Keywords.CHECK_RETRY);

    private UnknownKeyword() {}

    /** A hint, or nothing. */
    static String hint(Scope scope, String word) {
        OptionalInt blank = invisible(word);
        if (blank.isPresent()) {
            return String.format(
                    Locale.ROOT,
                    "the line contains a %s (U+%04X), which looks like a blank and is not: type the blanks again",
                    Character.getName(blank.getAsInt()).toLowerCase(Locale.ROOT),
                    blank.getAsInt());
        }
        return sameMeaning(scope, word)
                .map(n -> "in this block it is '" + n + "'")
                .or(() -> elsewhere(word))
                .or(() -> Suggestion.nearest(word, Keywords.namesIn(scope)).map(n -> "did you mean '" + n + "'?"))
                .orElseGet(() -> syntax(word));
    }

    /** A character that is shown as a blank, or not at all, and does not separate words. */
    private static OptionalInt invisible(String word) {
        return word.codePoints()
                .filter(c -> c > 0x7f && (Character.isSpaceChar(c) || Character.getType(c) == Character.FORMAT))
                .findFirst();
    }

    private static Optional<String> sameMeaning(Scope scope, String word) {
        return Optional.ofNullable(DEPRECATED.get(word))
                .<String>map(Keyword::name)
                .or(() -> Keywords.canonical(word))
                .filter(n -> !n.equals(word) && Keywords.find(scope, n).isPresent());
    }

    private static Optional<String> elsewhere(String word) {
        String places = Keywords.placesOf(word);
        return places.isEmpty() ? Optional.empty() : Optional.of("it belongs into " + places);
    }

    private static String syntax(String word) {
        if (word.startsWith("//") || word.startsWith("/*")) {
            return "comments start with # or !";
        }
        if (word.startsWith("$")) {
            return "no parameter of this name is defined above: $NAME=VALUE";
        }
        return "";
    }
}
