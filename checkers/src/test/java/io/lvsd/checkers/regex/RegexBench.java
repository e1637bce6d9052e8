package io.lvsd.checkers.regex;

import io.lvsd.bench.Recorder;
import io.lvsd.conf.check.http.Regex;
import io.lvsd.conf.check.regex.PcreExpression;
import io.lvsd.ipvs.ffm.Pcre2;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Axis regex: time of a search with libpcre2 and with the Java engine, both as checks use them. Common expressions search the whole
 * text and match at its end; others backtrack until a limit stops them. {@code lab/bench regex} runs it.
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
    private static final int ROUNDS = 5;
    private static final int HOSTILE_ROUNDS = 3;
    /** Of one measurement, in bytes searched. */
    private static final int WORK = 2 << 20;

    private static final Recorder RECORDER = Recorder.of("regex");
    private static final String LIBRARY = "libpcre2";
    private static final String JAVA = "java";

    private RegexBench() {}

    /** Needs libpcre2. */
    public static void main(String[] arguments) {
        if (Pcre2.find().isEmpty()) {
            throw new IllegalStateException(Pcre2.LIBRARY + " is not installed");
        }
        for (int size : new int[] {1 << 10, 64 << 10, MIB}) {
            byte[] text = text(size);
            for (String expression : EXPRESSIONS) {
                Regex regex = new Regex(expression, List.of("multiline", "dotall"), true, 0, 0);
                search(expression, regex, text, LIBRARY, RegexBench::withLibrary);
                search(expression, regex, text, JAVA, RegexBench::withJava);
            }
        }
        byte[] hostile = new byte[MIB];
        Arrays.fill(hostile, (byte) 'a');
        for (String expression : HOSTILE) {
            Regex regex = new Regex(expression, List.of("utf"), true, 0, 0);
            backtrack(regex, hostile, LIBRARY, RegexBench::withLibrary);
            if (isKnownToJava(regex)) {
                backtrack(regex, hostile, JAVA, RegexBench::withJava);
            }
        }
    }

    private static boolean isKnownToJava(Regex regex) {
        try {
            var _ = PcreExpression.forJava(regex.expression(), regex.options());
            return true;
        } catch (PcreExpression.BadExpressionException _) {
            return false;
        }
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

    /** Measures rounds of several searches, after as many that warm up. */
    private static void search(
            String expression, Regex regex, byte[] text, String subject, BiConsumer<Regex, byte[]> engine) {
        int searches = Math.max(2, WORK / text.length);
        for (int round = 1 - ROUNDS; round <= ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < searches; i++) {
                engine.accept(regex, text);
            }
            if (round > 0) {
                double micros = (System.nanoTime() - start) / 1e3 / searches;
                RECORDER.add("search " + expression, text.length, subject, "µs", round, micros);
            }
        }
    }

    private static void backtrack(Regex regex, byte[] text, String subject, BiConsumer<Regex, byte[]> engine) {
        for (int round = 1; round <= HOSTILE_ROUNDS; round++) {
            long start = System.nanoTime();
            engine.accept(regex, text);
            double millis = (System.nanoTime() - start) / 1e6;
            RECORDER.add("until a limit: " + regex.expression(), text.length, subject, "ms", round, millis);
        }
    }
}
