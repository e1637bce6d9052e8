package io.lvsd.checkers.probe;

/** Makes text that a peer has sent safe to show: one line, printable, of limited length. Pure. */
public final class PrintableText {
    /** The most characters of a result. */
    public static final int MAX = 200;

    private static final int EXCERPT = 80;

    private PrintableText() {}

    /**
     * The text with control characters, line ends and invisible format characters escaped, of at most {@link #MAX}
     * characters; a longer text ends with an ellipsis. Text that is safe already is returned as it is.
     */
    public static String of(String text) {
        String out = escape(text.length() > 2 * MAX ? text.substring(0, 2 * MAX) : text);
        if (out.length() <= MAX) {
            return out;
        }
        int end = MAX - 1;
        return out.substring(0, Character.isHighSurrogate(out.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    /** The text with everything escaped that is not printable, of any length. */
    public static String escape(String text) {
        if (isPrintableAscii(text) || text.codePoints().allMatch(PrintableText::isPrintable)) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isPrintable(c)) {
                out.appendCodePoint(c);
            } else {
                out.append(escaped(c));
            }
        });
        return out.toString();
    }

    /** The beginning of a text that a peer sent, for use in a longer text: escaped, of at most 80 characters and an ellipsis. */
    public static String excerpt(String text) {
        String clean = of(text);
        return clean.length() > EXCERPT ? clean.substring(0, EXCERPT) + "…" : clean;
    }

    /** A value of a log line: escaped, and in double quotes unless it is one plain word. Not shortened. */
    public static String quoted(String value) {
        boolean plain = isWord(value) && escape(value).equals(value);
        return plain ? value : "\"" + escape(value.replace("\\", "\\\\").replace("\"", "\\\"")) + "\"";
    }

    private static boolean isWord(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c == '"' || c == '=') {
                return false;
            }
        }
        return !value.isEmpty();
    }

    /** Most texts are: they need no table of characters. */
    private static boolean isPrintableAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    private static String escaped(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> c < 0x100 ? String.format("\\x%02x", c) : String.format("\\u%04x", c);
        };
    }
}
