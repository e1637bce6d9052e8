package io.lvsd.checkers.regex;

import io.lvsd.conf.check.http.Regex;
import io.lvsd.conf.check.regex.PcreExpression;
import io.lvsd.ipvs.ffm.Pcre2;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * What a search costs with libpcre2 and with the Java engine, both as checks use them: expressions of common kinds, which look
 * through the whole text and match at its end, and expressions that backtrack until a limit stops them.
 */
public final class RegexBench {
    private static final List<String> EXPRESSIONS = List.of(
            "status: UP",
            "(?i)STATUS:\\s+up",
            "^status: (UP|READY)$",
            "\"(db|cache)\":\\s*\"ok\".*status: UP",
            "[0-9a-f]{8}-[0-9a-f]{4}.*UP",
            "(?:\\w+ ){3}status: UP");
    private static final List<String> HOSTILE = List.of(
            "[ab]*[cd]",
            "(a+)+[!]",
            "(.*a){30}b",
            "(?:[ab]*)*c(*COMMIT)d",
            "(a|aa)+c",
            "(?=(a*))\\1b",
            "a*?a*?a*?[bc]",
            "(?:a*!|)[cd]",
            "\\w*[!?]",
            "[\\x{e9}\\x{100}a]*[!?]",
            "\\p{L}*[!?]",
            "\\X*[!?]",
            "(?i)[^k]*[!?]");
    private static final String LINE = "<p class=\"x\">Lorem ipsum dolor sit amet 0123 \"cache\": \"no\"</p>\n";
    private static final String END = "\"db\": \"ok\" 0123abcd-0123 one two three status: UP\nstatus: UP\n";
    private static final int MIB = 1 << 20;
    private static final int ROUNDS = 9;
    /** Of one measurement, in bytes searched. */
    private static final int WORK = 4 << 20;

    private RegexBench() {}

    /** Prints medians and ratios; needs libpcre2. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        Pcre2 pcre2 = Pcre2.find().orElseThrow(() -> new IllegalStateException(Pcre2.LIBRARY + " is not installed"));
        System.out.printf("libpcre2 %s, Java %s%n", pcre2.version(), Runtime.version());
        for (int size : new int[] {1 << 10, 64 << 10, MIB}) {
            byte[] text = text(size);
            for (String expression : EXPRESSIONS) {
                Regex regex = new Regex(expression, List.of("multiline", "dotall"), true, 0, 0);
                double library = micros(regex, text, RegexBench::withLibrary);
                double java = micros(regex, text, RegexBench::withJava);
                System.out.printf(
                        Locale.ROOT,
                        "%7d bytes  %-42s libpcre2 %9.1f us  Java %9.1f us  ratio %.2f%n",
                        size,
                        expression,
                        library,
                        java,
                        java / library);
            }
        }
        byte[] hostile = new byte[MIB];
        Arrays.fill(hostile, (byte) 'a');
        for (String expression : HOSTILE) {
            Regex regex = new Regex(expression, List.of("utf"), true, 0, 0);
            System.out.printf(
                    Locale.ROOT,
                    "until a limit  %-24s libpcre2 %5.0f ms  Java %s%n",
                    expression,
                    once(regex, hostile, RegexBench::withLibrary),
                    inJava(regex, hostile));
        }
    }

    private static String inJava(Regex regex, byte[] text) {
        try {
            var _ = PcreExpression.forJava(regex.expression(), regex.options());
        } catch (PcreExpression.BadExpressionException _) {
            return "refuses it";
        }
        return String.format(Locale.ROOT, "%5.0f ms", once(regex, text, RegexBench::withJava));
    }

    private static byte[] text(int size) {
        StringBuilder text = new StringBuilder(size + LINE.length());
        while (text.length() < size - END.length()) {
            text.append(LINE);
        }
        text.setLength(size - END.length() - 1);
        return (text + "\n" + END).getBytes(StandardCharsets.US_ASCII);
    }

    private static void withLibrary(Regex regex, byte[] text) {
        expect(RegexSearch.failure(regex, text).isEmpty() || text[0] == 'a', regex);
    }

    private static void withJava(Regex regex, byte[] text) {
        expect(JavaRegexSearch.failure(regex, text).isEmpty() || text[0] == 'a', regex);
    }

    private static void expect(boolean found, Regex regex) {
        if (!found) {
            throw new IllegalStateException("no match of " + regex.expression());
        }
    }

    /** The median time of one search, after as many that warm up. */
    private static double micros(Regex regex, byte[] text, BiConsumer<Regex, byte[]> engine) {
        int searches = Math.max(2, WORK / text.length);
        double[] rounds = new double[2 * ROUNDS];
        for (int round = 0; round < rounds.length; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < searches; i++) {
                engine.accept(regex, text);
            }
            rounds[round] = (System.nanoTime() - start) / 1e3 / searches;
        }
        double[] warm = Arrays.copyOfRange(rounds, ROUNDS, rounds.length);
        Arrays.sort(warm);
        return warm[ROUNDS / 2];
    }

    /** The longest of three searches, in milliseconds. */
    private static double once(Regex regex, byte[] text, BiConsumer<Regex, byte[]> engine) {
        double longest = 0;
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            engine.accept(regex, text);
            longest = Math.max(longest, (System.nanoTime() - start) / 1e6);
        }
        return longest;
    }
}
