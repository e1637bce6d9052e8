package io.lvsd.conf;

import java.util.Optional;
import java.util.regex.Pattern;

/** The two syntaxes of a configuration. */
public enum ConfigFormat {
    /** keepalived.conf. */
    KEEPALIVED,
    /** Human-Optimized Config Object Notation, of typesafe-config. */
    HOCON;

    private static final Pattern ASSIGNMENT = Pattern.compile("\\s*[A-Za-z_][\\w-]*(\\.[\\w-]+)*\\s*\\+?=.*");
    private static final Pattern COMMENT_OR_QUOTE = Pattern.compile("\\s*(#|!|//|\").*");

    /**
     * The syntax that a text is in: HOCON if a line outside comments and quotes starts with {@code WORD =}.
     * {@code $NAME=} is keepalived's way of a definition.
     */
    public static ConfigFormat of(String text) {
        return assignment(text).isPresent() ? HOCON : KEEPALIVED;
    }

    /** The number, from 1, of the line that shows a text to be HOCON. */
    static Optional<Integer> assignment(String text) {
        int number = 0;
        boolean multiLine = false;
        for (String line : text.split("\n", -1)) {
            number++;
            if (!multiLine
                    && ASSIGNMENT.matcher(line.strip()).matches()
                    && !COMMENT_OR_QUOTE.matcher(line).matches()) {
                return Optional.of(number);
            }
            multiLine ^= (line.length() - line.replace("\"\"\"", "").length()) / 3 % 2 == 1;
        }
        return Optional.empty();
    }

    /** How people call it. */
    public String title() {
        return this == HOCON ? "HOCON" : "keepalived.conf";
    }
}
