package io.lvsd.conf.check.regex;

import io.lvsd.conf.check.regex.PcreExpression.BadExpressionException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an expression as PCRE2 10.42 does and writes what means the same to {@link Pattern}. What has no like there, or of which
 * that is not known, is refused by its name, so that no expression misses silently. Used once, by one thread.
 */
final class PcreTranslator extends PcreCharacters {
    /** The settings within a pair of parentheses. */
    private record State(boolean caseless, boolean multiline, boolean extended, int group, boolean behind) {
        State with(char flag, boolean on) {
            return switch (flag) {
                case 'i' -> new State(on, multiline, extended, group, behind);
                case 'm' -> new State(caseless, on, extended, group, behind);
                case 'x' -> new State(caseless, multiline, on, group, behind);
                default -> this;
            };
        }

        State inside(int number, boolean lookbehind) {
            return new State(caseless, multiline, extended, number, lookbehind);
        }
    }

    private static final Pattern QUANTIFIER = Pattern.compile("[*+?]|\\{(\\d{1,5})(,(\\d{1,5})?)?}");
    private static final Pattern TOO_MUCH = Pattern.compile("\\{\\d+(,\\d*)?}");
    private static final int MOST = 65_535;
    private static final Pattern NAMED = Pattern.compile("\\(\\?(?:P?<([A-Za-z_]\\w{0,31})>|'([A-Za-z_]\\w{0,31})')");
    private static final Pattern SETTING = Pattern.compile("\\(\\?([imsx]*)(?:-([imsx]*))?([:)])");
    private static final Pattern REFERENCE = Pattern.compile(
            "\\\\g(?:(-?\\d{1,4})|\\{(-?\\d{1,4}|[A-Za-z_]\\w*)})|\\\\k(?:<(\\w+)>|'(\\w+)'|\\{(\\w+)})");
    private static final Pattern OLD_REFERENCE = Pattern.compile("\\(\\?P=(\\w+)\\)");

    private final boolean dollarEnd;
    private final boolean ungreedy;
    private final boolean autoCapture;
    private final Deque<State> around = new ArrayDeque<>();
    private final Map<String, Integer> names = new HashMap<>();
    private final Set<Integer> open = new HashSet<>();
    /** What a group captures that is repeated, perhaps with an empty text, differs between the two. */
    private final Set<Integer> repeated = new HashSet<>();
    /** How many groups there were before each parenthesis that is open. */
    private final Deque<Integer> before = new ArrayDeque<>();

    private State state;
    private int groups;
    /** Whether a quantifier may follow. */
    private boolean repeatable;

    PcreTranslator(String text, List<String> options) {
        super(text, options.contains("utf"));
        this.dollarEnd = options.contains("dollar_endonly");
        this.ungreedy = options.contains("ungreedy");
        this.autoCapture = !options.contains("no_auto_capture");
        this.state = new State(
                options.contains("caseless"), options.contains("multiline"), options.contains("extended"), 0, false);
    }

    @Override
    boolean isCaseless() {
        return state.caseless();
    }

    String translated() throws BadExpressionException {
        while (at < text.length()) {
            next();
        }
        if (!around.isEmpty()) {
            throw wrong("missing closing parenthesis");
        }
        return out.toString();
    }

    private void next() throws BadExpressionException {
        char c = text.charAt(at);
        if (state.extended() && isIgnored(c)) {
            at++;
            return;
        }
        Matcher quantifier = matcher(QUANTIFIER);
        if (quantifier.lookingAt()) {
            quantifier(quantifier);
            return;
        }
        switch (c) {
            case '\\' -> escape();
            case '[' -> {
                characterClass();
                repeatable = true;
            }
            case '(' -> group();
            case ')' -> close();
            case '|' -> {
                out.append('|');
                at++;
                repeatable = false;
            }
            case '^' -> anchor(state.multiline() ? "(?:^|\\A)" : "\\A");
            case '$' -> anchor(dollarEnd && !state.multiline() ? "\\z" : "$");
            case '.' -> atom(".", 1);
            case '#' -> {
                if (state.extended()) {
                    int end = text.indexOf('\n', at);
                    at = end < 0 ? text.length() : end + 1;
                } else {
                    literal();
                }
            }
            default -> literal();
        }
    }

    /** Java's own blanks are not ignored: only what PCRE2 ignores is left out here. */
    private static boolean isIgnored(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    private void atom(String java, int length) {
        out.append(java);
        at += length;
        repeatable = true;
    }

    private void anchor(String java) {
        out.append(java);
        at++;
        repeatable = false;
    }

    private void literal() throws BadExpressionException {
        if (matcher(TOO_MUCH).lookingAt()) {
            throw wrong("number too big in {} quantifier");
        }
        int c = text.codePointAt(at);
        atom(escaped(c), Character.charCount(c));
    }

    // ---- repetition

    private void quantifier(Matcher m) throws BadExpressionException {
        if (!repeatable) {
            throw wrong("quantifier does not follow a repeatable item");
        }
        int least = m.group(1) == null ? 0 : Integer.parseInt(m.group(1));
        int most = m.group(3) == null ? least : Integer.parseInt(m.group(3));
        if (least > MOST || most > MOST || most < least) {
            throw wrong("invalid numbers in {} quantifier");
        }
        boolean fixed = m.group(1) != null && (m.group(2) == null || m.group(3) != null && least == most);
        if (state.behind() && !fixed) {
            throw lacking("a lookbehind of variable length");
        }
        out.append(m.group());
        at = m.end();
        char suffix = at < text.length() ? text.charAt(at) : ' ';
        if (suffix == '+') {
            out.append('+');
        } else if (suffix == '?' != ungreedy) {
            out.append('?');
        }
        at += suffix == '+' || suffix == '?' ? 1 : 0;
        repeatable = false;
    }

    // ---- escapes

    private void escape() throws BadExpressionException {
        if (at + 1 == text.length()) {
            throw wrong("\\ at the end");
        }
        int c = text.codePointAt(at + 1);
        switch (c) {
            case 'Q' -> quoted();
            case 'E' -> at += 2;
            case 'd', 'D', 'w', 'W', 's', 'S', 'h', 'H', 'v', 'V' -> atom("\\" + (char) c, 2);
            case 'R' -> throw lacking("\\R"); // PCRE2 repeats it, and what is before it, in a way of its own.
            case 'N' -> {
                if (text.startsWith("{", at + 2)
                        && !QUANTIFIER
                                .matcher(text)
                                .region(at + 2, text.length())
                                .lookingAt()) {
                    throw lacking("\\N{}");
                }
                atom("[^\\n]", 2);
            }
            case 'b', 'B', 'A', 'Z', 'z' -> {
                at++;
                anchor("\\" + (char) c);
            }
            case 'g', 'k' -> reference((char) c);
            case 'p', 'P' -> property();
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> character();
        }
    }

    private void quoted() {
        int end = text.indexOf("\\E", at);
        int stop = end < 0 ? text.length() : end;
        at += 2;
        while (at < stop) {
            int c = text.codePointAt(at);
            atom(escaped(c), Character.charCount(c));
        }
        at = end < 0 ? stop : stop + 2;
    }

    private void character() throws BadExpressionException {
        atom(escaped(value()), 0);
    }

    private void property() throws BadExpressionException {
        atom(propertyText(), 0);
    }

    // ---- references

    private void number() throws BadExpressionException {
        Matcher digits = Pattern.compile("\\\\(\\d{1,9})").matcher(text).region(at, text.length());
        if (!digits.lookingAt()) {
            throw wrong("invalid reference");
        }
        int number = Integer.parseInt(digits.group(1));
        boolean octal = number >= 10 && digits.group(1).charAt(0) < '8' && number > groups;
        if (!octal) {
            at = digits.end();
            reference(number);
            return;
        }
        atom(escaped(octal()), 0);
    }

    private void reference(char kind) throws BadExpressionException {
        Matcher m = matcher(REFERENCE);
        if (!m.lookingAt()) {
            throw lacking("\\" + kind + (at + 2 < text.length() ? text.substring(at + 2, at + 3) : ""));
        }
        at = m.end();
        for (int i = 1; i <= m.groupCount(); i++) {
            if (m.group(i) != null) {
                reference(m.group(i));
            }
        }
    }

    private void reference(String named) throws BadExpressionException {
        if (named.matches("-?\\d+")) {
            int number = Integer.parseInt(named);
            reference(number < 0 ? groups + 1 + number : number);
            return;
        }
        @Nullable Integer number = names.get(named);
        if (number == null) {
            throw lacking("a reference to a later group");
        }
        reference(number.intValue());
    }

    /** Java reads as many digits as it has groups, so each reference is enclosed. */
    private void reference(int number) throws BadExpressionException {
        if (number < 1 || number > groups || open.contains(number)) {
            throw lacking("a reference to an open or later group");
        }
        if (repeated.contains(number)) {
            throw lacking("a reference to a repeated group");
        }
        if (state.behind()) {
            throw lacking("a reference in a lookbehind");
        }
        atom("(?:\\" + number + ")", 0);
    }

    // ---- groups

    private void group() throws BadExpressionException {
        if (state.behind()) {
            throw lacking("a group in a lookbehind");
        }
        if (text.startsWith("(*", at)) {
            int end = text.indexOf(')', at);
            throw lacking(end < 0 ? "(*" : text.substring(at, Math.min(end + 1, at + 40)));
        }
        if (!text.startsWith("(?", at)) {
            enter(autoCapture ? "(" : "(?:", 1, autoCapture, false);
            return;
        }
        if (text.startsWith("(?#", at)) {
            int end = text.indexOf(')', at);
            if (end < 0) {
                throw wrong("missing ) after (?# comment");
            }
            at = end + 1;
            return;
        }
        for (String same : List.of("(?:", "(?>", "(?=", "(?!", "(?<=", "(?<!")) {
            if (text.startsWith(same, at)) {
                enter(same, same.length(), false, same.startsWith("(?<"));
                return;
            }
        }
        Matcher old = matcher(OLD_REFERENCE);
        Matcher named = matcher(NAMED);
        Matcher setting = matcher(SETTING);
        if (old.lookingAt()) {
            at = old.end();
            reference(old.group(1));
        } else if (named.lookingAt()) {
            String name = named.group(1) == null ? named.group(2) : named.group(1);
            if (names.put(name, groups + 1) != null) {
                throw wrong("duplicate group name " + name);
            }
            enter("(", named.group().length(), true, false);
        } else if (setting.lookingAt()) {
            setting(setting);
        } else {
            throw lacking(text.substring(at, Math.min(text.length(), at + 3)) + "…)");
        }
    }

    private void enter(String java, int length, boolean captures, boolean behind) {
        around.push(state);
        before.push(groups);
        groups += captures ? 1 : 0;
        if (captures) {
            open.add(groups);
        }
        // An assertion is remembered as such: what repeats one differs between the two.
        int kind = captures ? groups : java.equals("(?:") || java.equals("(?>") ? 0 : -1;
        state = state.inside(kind, behind);
        out.append(java);
        at += length;
        repeatable = false;
    }

    private void close() throws BadExpressionException {
        if (around.isEmpty()) {
            throw wrong("unmatched closing parenthesis");
        }
        boolean assertion = state.group() < 0;
        open.remove(state.group());
        state = around.pop();
        int earlier = before.pop();
        out.append(')');
        at++;
        if (matcher(QUANTIFIER).lookingAt() || state.extended()) {
            for (int number = earlier + 1; number <= groups; number++) {
                repeated.add(number);
            }
        }
        repeatable = !assertion;
        if (assertion && matcher(QUANTIFIER).lookingAt()) {
            throw lacking("a quantifier after an assertion");
        }
    }

    /** Options that apply up to the end of the group, or for a group of their own. */
    private void setting(Matcher m) throws BadExpressionException {
        String on = m.group(1);
        String off = m.group(2) == null ? "" : m.group(2);
        if (on.contains("xx") || off.contains("xx")) {
            throw lacking("(?xx)");
        }
        boolean ownGroup = m.group(3).equals(":");
        State changed = state;
        for (int i = 0; i < on.length(); i++) {
            changed = changed.with(on.charAt(i), true);
        }
        for (int i = 0; i < off.length(); i++) {
            changed = changed.with(off.charAt(i), false);
        }
        String java = "(?" + on.replace("x", "") + (off.replace("x", "").isEmpty() ? "" : "-" + off.replace("x", ""));
        if (ownGroup) {
            enter(java + ":", m.group().length(), false, false);
            state = changed.inside(0, false);
            return;
        }
        state = changed;
        out.append(java.equals("(?") ? "" : java + ")");
        at = m.end();
        repeatable = false;
    }
}
