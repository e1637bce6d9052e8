package io.lvsd.conf.source;

import java.util.regex.Pattern;

/** The two syntaxes of a configuration. */
public enum ConfigFormat {
    /** keepalived.conf. */
    KEEPALIVED,
    /** Human-Optimized Config Object Notation, of typesafe-config. */
    HOCON;

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
        for (int begin = 0; begin < text.length(); begin++) {
            int end = text.indexOf('\n', begin);
            String line = text.substring(begin, end < 0 ? text.length() : end);
            begin += line.length();
            if (!multiLine
                    && line.indexOf('=') > 0
                    && ASSIGNMENT.matcher(line.strip()).matches()) {
                return HOCON;
            }
            for (int at = line.indexOf("\"\"\""); at >= 0; at = line.indexOf("\"\"\"", at + 3)) {
                multiLine = !multiLine;
            }
        }
        return KEEPALIVED;
    }

    /** How people call it. */
    public String title() {
        return this == HOCON ? "HOCON" : "keepalived.conf";
    }
}
