package io.lvsd.conf.syntax;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A parameter that a line uses: {@code $NAME} before a blank, a comma, a parenthesis or the end, or <code>${NAME WORDS}</code>.
 *
 * @param start of the dollar sign
 * @param end after the last character
 * @param words what follows the name within the braces
 */
record ParameterUse(int start, int end, String name, List<String> words, boolean braced) {
    /** The first at or after {@code from}. */
    static Optional<ParameterUse> find(String text, int from) {
        for (int at = text.indexOf('$', from); at >= 0; at = text.indexOf('$', at + 1)) {
            boolean braced = text.startsWith("{", at + 1);
            int begin = at + (braced ? 2 : 1);
            int end = begin;
            while (end < text.length() && isNameCharacter(text.charAt(end))) {
                end++;
            }
            if (end > begin && !isDigit(text.charAt(begin))) {
                Optional<ParameterUse> use = braced ? braced(text, at, begin, end) : plain(text, at, begin, end);
                if (use.isPresent()) {
                    return use;
                }
            }
        }
        return Optional.empty();
    }

    /** The one whose dollar sign is at {@code index}. */
    static Optional<ParameterUse> at(String text, int index) {
        return index >= 0 && text.charAt(index) == '$'
                ? find(text, index).filter(use -> use.start() == index)
                : Optional.empty();
    }

    private static Optional<ParameterUse> plain(String text, int at, int begin, int end) {
        boolean ended = end == text.length() || " \t,)".indexOf(text.charAt(end)) >= 0;
        return ended
                ? Optional.of(new ParameterUse(at, end, text.substring(begin, end), List.of(), false))
                : Optional.empty();
    }

    private static Optional<ParameterUse> braced(String text, int at, int begin, int end) {
        int close = end;
        while (close < text.length() && "{}\"".indexOf(text.charAt(close)) < 0) {
            close++;
        }
        if (close == text.length() || text.charAt(close) != '}') {
            return Optional.empty();
        }
        List<String> words = Arrays.stream(text.substring(end, close).strip().split("\\s+"))
                .filter(w -> !w.isEmpty())
                .toList();
        return Optional.of(new ParameterUse(at, close + 1, text.substring(begin, end), words, true));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameCharacter(char c) {
        return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }
}
