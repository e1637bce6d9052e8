package io.lvsd.conf.source;

import java.util.regex.Pattern;

/** The two syntaxes of a configuration. */
public enum ConfigFormat {
    /** keepalived.conf. */
    KEEPALIVED,
    /** Human-Optimized Config Object Notation, of typesafe-config. */
    HOCON;

    private static final String QUOTES = "\"\"\"";
    private static final Pattern ASSIGNMENT =
            Pattern.compile("[A-Za-z_][\\w-]*(?:\\.[\\w-]+)*\\s*\\+?=.*", Pattern.DOTALL);

    /**
     * The syntax that a text is in: HOCON if a line outside comments and quotes starts with {@code WORD =}.
     * {@code $NAME=} is keepalived's way of a definition.
     */
    public static ConfigFormat of(String text) {
        if (text.indexOf('=') < 0) {
            return KEEPALIVED;
        }
        boolean multiLine = false;
        int quotes = text.indexOf(QUOTES);
        int end;
        // Most files of keepalived have few lines with the sign, or none.
        for (int equals = text.indexOf('='); equals >= 0; equals = text.indexOf('=', end)) {
            int begin = text.lastIndexOf('\n', equals) + 1;
            int feed = text.indexOf('\n', equals);
            end = feed < 0 ? text.length() : feed;
            while (quotes >= 0 && quotes < begin) {
                multiLine = !multiLine;
                quotes = text.indexOf(QUOTES, quotes + QUOTES.length());
            }
            if (!multiLine
                    && equals > begin
                    && ASSIGNMENT.matcher(text.substring(begin, end).strip()).matches()) {
                return HOCON;
            }
        }
        return KEEPALIVED;
    }

    /** How people call it. */
    public String title() {
        return this == HOCON ? "HOCON" : "keepalived.conf";
    }
}
