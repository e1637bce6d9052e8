package io.lvsd.conf.check.regex;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * An expression in PCRE2's language. Without the library it is translated for {@link Pattern}; what means something else there,
 * or nothing, is refused by its name.
 */
public final class PcreExpression {
    /** Options that change which texts match, and have no like in {@link Pattern}. */
    private static final Set<String> LACKING = Set.of(
            "allow_empty_class",
            "alt_bsux",
            "alt_circumflex",
            "alt_verbnames",
            "dupnames",
            "firstline",
            "match_unset_backref",
            "ucp");

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

        /** The error, a predicate whose subject is the expression. */
        public String complaint() {
            return complaint;
        }

        /** How to fix it. */
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
            var _ = forJava(text, options);
            return;
        }
        Optional<String> error = engine.get().syntaxError(text, options);
        if (error.isPresent()) {
            throw new BadExpressionException(
                    "is not a regular expression: " + error.get(), "write each backslash of the expression twice");
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
     * The expression for a host without the library of PCRE2. Without the option {@code utf} it matches bytes, each a character
     * of ISO 8859-1; with it, characters.
     *
     * @throws BadExpressionException for an invalid expression, and for one that {@link Pattern} would read differently
     */
    public static Pattern forJava(String text, List<String> options) throws BadExpressionException {
        int flags = flags(options);
        String written = options.contains("utf")
                ? text
                : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String translated = new PcreTranslator(written, options).translated();
        try {
            return Pattern.compile(translated, flags);
        } catch (PatternSyntaxException e) {
            throw new BadExpressionException(
                    "requires the PCRE2 library: " + e.getDescription(), "install libpcre2-8-0");
        } catch (StackOverflowError _) {
            throw new BadExpressionException("is nested too deeply", "write a simpler expression");
        }
    }

    private static int flags(List<String> options) throws BadExpressionException {
        int flags = Pattern.UNIX_LINES;
        if (options.contains("utf") && options.contains("never_utf")) {
            throw new BadExpressionException("has the conflicting options utf and never_utf", "remove one of them");
        }
        for (String option : options) {
            if (LACKING.contains(option)) {
                throw PcreTranslator.lacking("regex_options " + option);
            }
            flags |= switch (option) {
                case "caseless" -> Pattern.CASE_INSENSITIVE;
                case "dotall" -> Pattern.DOTALL;
                case "multiline" -> Pattern.MULTILINE;
                case "utf" -> Pattern.UNICODE_CASE;
                default -> 0;
            };
        }
        return flags;
    }
}
