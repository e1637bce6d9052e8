package io.lvsd.conf.check.regex;

import io.lvsd.conf.check.regex.PcreExpression.BadExpressionException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the characters and character classes of an expression of PCRE2, and writes them for {@link Pattern}. */
abstract class PcreCharacters {
    private static final Pattern HEX = Pattern.compile("\\\\x(?:\\{([0-9A-Fa-f]{1,8})}|([0-9A-Fa-f]{1,2}+|(?!\\{)))");
    private static final Pattern OCTAL = Pattern.compile("\\\\(?:0([0-7]{0,2})|o\\{([0-7]{1,11})})");
    private static final Pattern OCTAL_DIGITS = Pattern.compile("\\\\([0-7]{1,3})");
    private static final Pattern PROPERTY = Pattern.compile("\\\\([pP])(?:([LMNPSZ])|\\{(\\^?)([LMNPSZ][a-z]?)})");
    private static final Pattern POSIX = Pattern.compile("\\[:(\\^?)([a-z]+):]");
    private static final Pattern POSIX_LIKE = Pattern.compile("(?s)\\[([:.=]).*?\\1].*");
    private static final Set<String> CATEGORIES = Set.of(
            "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe",
            "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs");
    private static final Set<String> OF_CASE = Set.of("Ll", "Lt", "Lu");
    /** Classes of ASCII, as in PCRE2 without ucp, and their complements. */
    private static final Map<String, List<String>> CLASSES = Map.ofEntries(
            Map.entry("alnum", List.of("\\p{Alnum}", "\\P{Alnum}")),
            Map.entry("alpha", List.of("\\p{Alpha}", "\\P{Alpha}")),
            Map.entry("ascii", List.of("\\p{ASCII}", "\\P{ASCII}")),
            Map.entry("blank", List.of("\\p{Blank}", "\\P{Blank}")),
            Map.entry("cntrl", List.of("\\p{Cntrl}", "\\P{Cntrl}")),
            Map.entry("digit", List.of("\\d", "\\D")),
            Map.entry("graph", List.of("\\p{Graph}", "\\P{Graph}")),
            Map.entry("lower", List.of("\\p{Lower}", "\\P{Lower}")),
            Map.entry("print", List.of("\\p{Print}", "\\P{Print}")),
            Map.entry("punct", List.of("\\p{Punct}", "\\P{Punct}")),
            Map.entry("space", List.of("\\s", "\\S")),
            Map.entry("upper", List.of("\\p{Upper}", "\\P{Upper}")),
            Map.entry("word", List.of("\\w", "\\W")),
            Map.entry("xdigit", List.of("\\p{XDigit}", "\\P{XDigit}")));

    final String text;
    final StringBuilder out = new StringBuilder();
    private final boolean utf;
    int at;

    PcreCharacters(String text, boolean utf) {
        this.text = text;
        this.utf = utf;
    }

    /** Whether the case of letters is ignored at this place. */
    abstract boolean isCaseless();

    static BadExpressionException lacking(String construct) {
        return new BadExpressionException(
                "uses " + construct + ", which requires the PCRE2 library",
                "install libpcre2-8-0, or rewrite the expression");
    }

    static BadExpressionException wrong(String reason) {
        return new BadExpressionException(
                "is not a regular expression: " + reason, "write each backslash of the expression twice");
    }

    Matcher matcher(Pattern pattern) {
        return pattern.matcher(text).region(at, text.length()).useTransparentBounds(true);
    }

    static String escaped(int c) {
        boolean plain = c < 0x80 && Character.isLetterOrDigit(c);
        return plain ? Character.toString(c) : "\\x{" + Integer.toHexString(c) + "}";
    }

    /** One character that is written with a backslash, here or in a class. */
    int value() throws BadExpressionException {
        int c = text.codePointAt(at + 1);
        Matcher octal = matcher(OCTAL);
        Matcher hex = matcher(HEX);
        int value = switch (c) {
            case 'a' -> 0x07;
            case 'e' -> 0x1b;
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'c' -> control();
            case '0', 'o' -> {
                if (!octal.lookingAt()) {
                    throw wrong("invalid octal number after \\o");
                }
                at = octal.end();
                String digits = octal.group(1) == null ? octal.group(2) : octal.group(1);
                yield (int) Math.min(Integer.MAX_VALUE, Long.parseLong("0" + digits, 8));
            }
            case 'x' -> {
                if (!hex.lookingAt()) {
                    throw wrong("invalid number after \\x");
                }
                at = hex.end();
                String digits = hex.group(1) == null ? hex.group(2) : hex.group(1);
                yield (int) Math.min(Integer.MAX_VALUE, Long.parseLong("0" + digits, 16));
            }
            default -> {
                if (c < 0x80 && Character.isLetterOrDigit(c)) {
                    throw lacking("\\" + (char) c);
                }
                at += 1 + Character.charCount(c);
                yield c;
            }
        };
        at += "aefnrt".indexOf(c) >= 0 ? 2 : 0;
        boolean surrogate = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
        if (value > (utf ? Character.MAX_CODE_POINT : 0xff) || utf && surrogate) {
            throw wrong("character code too large" + (utf ? "" : "; regex_options utf allows larger ones"));
        }
        return value;
    }

    private int control() throws BadExpressionException {
        char named = at + 2 < text.length() ? text.charAt(at + 2) : 0;
        if (named <= ' ' || named > '~') {
            throw wrong("\\c must be followed by a printable character of ASCII");
        }
        at += 3;
        return Character.toUpperCase(named) ^ 0x40;
    }

    String propertyText() throws BadExpressionException {
        Matcher m = matcher(PROPERTY);
        if (!m.lookingAt()) {
            int end = text.indexOf('}', at);
            throw lacking(text.substring(at, end < 0 || end > at + 40 ? Math.min(text.length(), at + 3) : end + 1));
        }
        String name = m.group(2) == null ? m.group(4) : m.group(2);
        if (!CATEGORIES.contains(name) || isCaseless() && OF_CASE.contains(name)) {
            throw lacking(m.group() + (isCaseless() ? " with caseless matching" : ""));
        }
        boolean not = m.group(1).equals("P") != "^".equals(m.group(3));
        at = m.end();
        return (not ? "\\P{" : "\\p{") + name + "}";
    }

    int octal() throws BadExpressionException {
        Matcher m = matcher(OCTAL_DIGITS);
        if (!m.lookingAt()) {
            throw wrong("invalid octal number");
        }
        int value = Integer.parseInt(m.group(1), 8);
        if (value > 0xff && !utf) {
            throw wrong("octal value is greater than \\377; regex_options utf allows larger ones");
        }
        at = m.end();
        return value;
    }

    // ---- classes

    void characterClass() throws BadExpressionException {
        if (matcher(POSIX_LIKE).lookingAt()) {
            throw wrong("POSIX named classes are supported only within a class");
        }
        at++;
        out.append('[');
        if (text.startsWith("^", at)) {
            out.append('^');
            at++;
        }
        boolean first = true;
        while (first || !text.startsWith("]", at)) {
            if (at >= text.length()) {
                throw wrong("missing terminating ] for character class");
            }
            first &= !item();
        }
        out.append(']');
        at++;
    }

    /** One item of a class, or a range; false if it is nothing, as a quotation that ends. */
    private boolean item() throws BadExpressionException {
        if (text.startsWith("\\E", at)) {
            at += 2;
            return false;
        }
        if (text.startsWith("\\Q", at)) {
            throw lacking("\\Q in a class");
        }
        int low = one();
        boolean range = text.startsWith("-", at) && !text.startsWith("-]", at) && at + 1 < text.length();
        if (!range) {
            return true;
        }
        if (text.startsWith("\\E", at + 1) || text.startsWith("\\Q", at + 1)) {
            throw lacking("\\Q in a class");
        }
        at++;
        int start = out.length();
        int high = one();
        if (low < 0 || high < 0) {
            throw wrong("invalid range in character class");
        }
        if (low > high) {
            throw wrong("range out of order in character class");
        }
        out.insert(start, '-');
        return true;
    }

    /** Writes one item; its code, or -1 if it matches several characters. */
    private int one() throws BadExpressionException {
        if (at >= text.length()) {
            throw wrong("missing terminating ] for character class");
        }
        char c = text.charAt(at);
        if (c == '[' && matcher(POSIX_LIKE).lookingAt()) {
            Matcher posix = matcher(POSIX);
            @Nullable List<String> classes = posix.lookingAt() ? CLASSES.get(posix.group(2)) : null;
            boolean ofCase = classes != null && posix.group(2).matches("lower|upper");
            if (classes == null || ofCase && isCaseless()) {
                throw lacking("POSIX classes such as " + text.substring(at, Math.min(text.length(), at + 12)));
            }
            out.append(posix.group(1).isEmpty() ? classes.getFirst() : classes.getLast());
            at = posix.end();
            return -1;
        }
        if (c != '\\') {
            int code = text.codePointAt(at);
            at += Character.charCount(code);
            out.append(escaped(code));
            return code;
        }
        if (at + 1 == text.length()) {
            throw wrong("\\ at the end");
        }
        char next = text.charAt(at + 1);
        if ("dDwWsShHvV".indexOf(next) >= 0) {
            out.append('\\').append(next);
            at += 2;
            return -1;
        }
        if (next == 'p' || next == 'P') {
            out.append(propertyText());
            return -1;
        }
        int code;
        if (next == 'b') {
            at += 2;
            code = '\b';
        } else {
            code = next >= '1' && next <= '7' ? octal() : value();
        }
        out.append(escaped(code));
        return code;
    }
}
