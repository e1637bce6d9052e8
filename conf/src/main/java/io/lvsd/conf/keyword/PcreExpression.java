package io.lvsd.conf.keyword;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * An expression in PCRE2's language, said in {@link Pattern}'s. What the two read differently is translated; what only
 * PCRE2 has is refused by its name.
 */
public final class PcreExpression {
    private static final Map<String, String> POSIX = Map.ofEntries(
            Map.entry("alnum", "\\p{Alnum}"),
            Map.entry("alpha", "\\p{Alpha}"),
            Map.entry("ascii", "\\p{ASCII}"),
            Map.entry("blank", "\\p{Blank}"),
            Map.entry("cntrl", "\\p{Cntrl}"),
            Map.entry("digit", "\\p{Digit}"),
            Map.entry("graph", "\\p{Graph}"),
            Map.entry("lower", "\\p{Lower}"),
            Map.entry("print", "\\p{Print}"),
            Map.entry("punct", "\\p{Punct}"),
            Map.entry("space", "\\s"),
            Map.entry("upper", "\\p{Upper}"),
            Map.entry("word", "\\w"),
            Map.entry("xdigit", "\\p{XDigit}"));

    /** Options that change which texts match, and have no like in {@link Pattern}. */
    private static final Set<String> LACKING = Set.of(
            "allow_empty_class",
            "alt_bsux",
            "alt_circumflex",
            "alt_verbnames",
            "dupnames",
            "firstline",
            "match_unset_backref");

    private final String text;

    /** An expression that cannot be used. */
    public static final class BadExpressionException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String complaint;
        private final String hint;

        BadExpressionException(String complaint, String hint) {
            super(complaint);
            this.complaint = complaint;
            this.hint = hint;
        }

        /** What is wrong, to stand behind the expression. */
        public String complaint() {
            return complaint;
        }

        /** What to do about it. */
        public String hint() {
            return hint;
        }
    }

    private PcreExpression(String text) {
        this.text = text;
    }

    /** An expression that is not validated yet. */
    public static PcreExpression of(String text) {
        return new PcreExpression(text);
    }

    /**
     * Validates the expression under options: with the engine of this host, else by translation.
     *
     * @throws BadExpressionException if an option, or the expression under these options, cannot be used
     */
    public void validate(List<String> options) throws BadExpressionException {
        Optional<RegexEngine> engine = RegexEngine.find();
        if (engine.isEmpty()) {
            compile(translated(text, options), flags(options));
            return;
        }
        Optional<String> error = engine.get().syntaxError(text, options);
        if (error.isPresent()) {
            throw new BadExpressionException(
                    "is no regular expression: " + error.get(),
                    "a backslash that is meant for the expression is written twice");
        }
    }

    /** As it was written. */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PcreExpression expression && expression.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    /**
     * The flags of {@link Pattern} that stand for options of PCRE2. To be used with {@link #translated}.
     *
     * @throws BadExpressionException if {@link Pattern} has nothing like an option
     */
    public static int flags(List<String> options) throws BadExpressionException {
        int flags = Pattern.UNIX_LINES;
        for (String option : options) {
            if (LACKING.contains(option)) {
                throw new BadExpressionException(
                        "needs regex_options " + option + ", which needs the PCRE2 library",
                        "install libpcre2-8-0, or write it without");
            }
            flags |= switch (option) {
                case "caseless" -> Pattern.CASE_INSENSITIVE;
                case "dotall" -> Pattern.DOTALL;
                case "multiline" -> Pattern.MULTILINE;
                case "extended" -> Pattern.COMMENTS;
                case "utf" -> Pattern.UNICODE_CASE;
                case "ucp" -> Pattern.UNICODE_CHARACTER_CLASS;
                default -> 0;
            };
        }
        return flags;
    }

    private static void compile(String translated, int flags) throws BadExpressionException {
        try {
            var _ = Pattern.compile(translated, flags);
        } catch (PatternSyntaxException e) {
            throw new BadExpressionException(
                    "is no regular expression: " + e.getDescription(),
                    "a backslash that is meant for the expression is written twice");
        } catch (StackOverflowError _) {
            throw new BadExpressionException("is nested too deeply", "write a simpler expression");
        }
    }

    /**
     * An expression in {@link Pattern}'s language.
     *
     * @throws BadExpressionException for a construct that only PCRE2 has
     */
    public static String translated(String text, List<String> options) throws BadExpressionException {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\') {
                at = escape(text, at, out);
            } else if (c == '[') {
                at = characterClass(text, at, out);
            } else if (c == '(') {
                at = group(text, at, out);
            } else {
                out.append(c == '$' && options.contains("dollar_endonly") ? "\\z" : String.valueOf(c));
                at++;
            }
        }
        return out.toString();
    }

    private static BadExpressionException lacking(String construct) {
        return new BadExpressionException(
                "uses " + construct + ", which needs the PCRE2 library", "install libpcre2-8-0, or write it without");
    }

    private static int escape(String text, int at, StringBuilder out) throws BadExpressionException {
        char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        if (next == 'Q') {
            int end = text.indexOf("\\E", at);
            int stop = end < 0 ? text.length() : end;
            out.append(Pattern.quote(text.substring(at + 2, stop)));
            return end < 0 ? stop : stop + 2;
        }
        String after = at + 2 < text.length() ? text.substring(at + 2, at + 3) : "";
        switch (next) {
            case 'K', 'C' -> throw lacking("\\" + next);
            case 'g' -> {
                if (after.matches("[{<']") || after.isEmpty()) {
                    throw lacking("\\g" + after);
                }
                out.append('\\');
                return at + 2;
            }
            case 'o' -> throw lacking("\\o{}");
            case 'k' -> {
                if (after.matches("[{']")) {
                    throw lacking("\\k" + after);
                }
                out.append("\\k");
            }
            case 'N' -> out.append("[^\\n]");
            default -> out.append('\\').append(next);
        }
        return Math.min(text.length(), at + 2);
    }

    /** In PCRE2 a bracket or an ampersand within a class is a character like any other. */
    private static int characterClass(String text, int start, StringBuilder out) throws BadExpressionException {
        int at = start + 1;
        out.append('[');
        if (at < text.length() && text.charAt(at) == '^') {
            out.append('^');
            at++;
        }
        boolean first = true;
        while (at < text.length() && (first || text.charAt(at) != ']')) {
            char c = text.charAt(at);
            if (c == '[' && text.startsWith("[:", at) && text.indexOf(":]", at) > 0) {
                int end = text.indexOf(":]", at);
                String name = text.substring(at + 2, end);
                String positive = POSIX.get(name.startsWith("^") ? name.substring(1) : name);
                if (positive == null) {
                    throw lacking("[:" + name + ":]");
                }
                out.append(name.startsWith("^") ? "[^" + positive + "]" : positive);
                at = end + 2;
            } else if (c == '\\' && at + 1 < text.length()) {
                out.append(c).append(text.charAt(at + 1));
                at += 2;
            } else {
                out.append(c == '[' || c == ']' || c == '&' ? "\\" : "").append(c);
                at++;
            }
            first = false;
        }
        if (at < text.length()) {
            out.append(']');
            at++;
        }
        return at;
    }

    private static int group(String text, int at, StringBuilder out) throws BadExpressionException {
        String rest = text.substring(at);
        if (rest.startsWith("(*")) {
            throw lacking(rest.substring(0, Math.min(rest.length(), Math.max(2, rest.indexOf(')') + 1))));
        }
        if (rest.startsWith("(?P<")) {
            out.append("(?<");
            return at + 4;
        }
        if (rest.startsWith("(?#")) {
            int end = text.indexOf(')', at);
            return end < 0 ? text.length() : end + 1;
        }
        Set<String> onlyThere = new HashSet<>(List.of("(?|", "(?R", "(?&", "(?P>", "(?P=", "(?(", "(?+", "(?C", "(?'"));
        for (int digit = 0; digit <= 9; digit++) {
            onlyThere.add("(?" + digit);
            onlyThere.add("(?-" + digit);
        }
        for (String construct : onlyThere) {
            if (rest.startsWith(construct)) {
                throw lacking(construct + "…)");
            }
        }
        if (rest.matches("(?s)\\(\\?[a-zA-Z^-]*[JU^][a-zA-Z-]*[:)].*")) {
            throw lacking(rest.substring(0, 3) + "…)");
        }
        out.append('(');
        return at + 1;
    }
}
