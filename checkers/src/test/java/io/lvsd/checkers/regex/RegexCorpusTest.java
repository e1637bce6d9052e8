package io.lvsd.checkers.regex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.Required;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.conf.check.http.Regex;
import io.lvsd.conf.check.regex.PcreExpression;
import io.lvsd.ipvs.ffm.Pcre2;
import io.lvsd.ipvs.ffm.Pcre2.Limits;
import io.lvsd.ipvs.ffm.Pcre2.Match;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our search against what libpcre2 10.42 found by itself, without our callouts and limits. */
final class RegexCorpusTest {
    private static final Limits LIMITS = new Limits(256_000_000, 10_000_000, 32 * 1024);
    private static final int MIB = 1 << 20;

    private static final List<String> OPTIONS = List.of(
            "caseless", "dotall", "multiline", "extended", "utf", "ungreedy", "dollar_endonly", "no_auto_capture");
    private static final List<String> PARTS = List.of(
            "a",
            "b",
            "A",
            "é",
            "1",
            " ",
            "\\n",
            ".",
            "^",
            "$",
            "|",
            "(",
            "(",
            ")",
            ")",
            "(?:",
            "(?=",
            "(?!",
            "(?<=",
            "(?<!",
            "(?>",
            "(?i)",
            "(?-i)",
            "(?s)",
            "(?m)",
            "(?x)",
            "(?i:",
            "(?<n>",
            "*",
            "+",
            "?",
            "*?",
            "++",
            "{2}",
            "{1,2}",
            "{,2}",
            "{0,}",
            "{",
            "}",
            "[ab]",
            "[^a]",
            "[a-c]",
            "[[:alpha:]]",
            "[^\\w]",
            "[ #]",
            "[\\d.-]",
            "[]a]",
            "[é]",
            "\\d",
            "\\w",
            "\\W",
            "\\s",
            "\\S",
            "\\h",
            "\\v",
            "\\R",
            "\\N",
            "\\b",
            "\\B",
            "\\A",
            "\\Z",
            "\\z",
            "\\1",
            "\\2",
            "\\12",
            "\\101",
            "\\g{-1}",
            "\\k<n>",
            "\\x41",
            "\\x{e9}",
            "\\Qa*\\E",
            "\\.",
            "#",
            "\\pL",
            "\\PN",
            "\\cJ",
            "&&",
            "-",
            "]");
    private static final List<String> TEXTS =
            List.of("a", "b", "A", "aa", "é", "É", "1", " ", "\n", "\r", ".", "#", "{", "]", "a*", "\t", "-");

    private final Pcre2 pcre2 = library();

    @SuppressWarnings("ArrayRecordComponent")
    private record Row(List<String> options, byte[] expression, byte[] subject, String result) {
        static Row of(String line) {
            List<String> fields = List.of(line.split("\t", -1));
            List<String> options = fields.getFirst().equals("-")
                    ? List.of()
                    : List.of(fields.getFirst().split(",", -1));
            return new Row(options, decoded(fields.get(1)), decoded(fields.get(2)), fields.get(3));
        }

        private static byte[] decoded(String text) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int at = 0; at < text.length() && !text.equals("%"); at++) {
                if (text.charAt(at) == '%') {
                    out.write(HexFormat.fromHexDigits(text, at + 1, at + 3));
                    at += 2;
                } else {
                    out.write(text.charAt(at));
                }
            }
            return out.toByteArray();
        }
    }

    private static Pcre2 library() {
        Required.that(Pcre2.find().isPresent(), Pcre2.LIBRARY + " is not installed");
        return Pcre2.find().orElseThrow();
    }

    private static List<Row> corpus() throws IOException {
        try (InputStream in = Objects.requireNonNull(RegexCorpusTest.class.getResourceAsStream("pcre2-corpus.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.startsWith("# "))
                    .map(Row::of)
                    .toList();
        }
    }

    private String found(Row row) {
        int options = Pcre2Engine.bits(row.options());
        Optional<Pcre2.SyntaxError> error = pcre2.syntaxError(row.expression(), options);
        if (error.isPresent()) {
            return "error@" + error.get().offset();
        }
        return switch (pcre2.search(row.expression(), options, row.subject(), 0, LIMITS)) {
            case Match.Found(long start, long end) -> start + "-" + end;
            case Match.None() -> "no";
            case Match.Impossible _ -> "impossible";
            case Match.LimitReached(String limit) -> limit;
        };
    }

    @Test
    void eachExpressionOfTheCorpusMeansWhatItMeansToLibpcre2() throws IOException {
        Required.that(pcre2.version().startsWith("10.42"), "the corpus holds results of 10.42");
        List<Row> rows = corpus();
        List<String> wrong = new ArrayList<>();
        for (Row row : rows) {
            String found = found(row);
            if (!found.equals(row.result())) {
                wrong.add(row.options() + " " + new String(row.expression(), StandardCharsets.UTF_8) + ": expected "
                        + row.result() + ", was " + found);
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(rows.stream()
                        .map(r -> HexFormat.of().formatHex(r.expression()))
                        .distinct()
                        .count()
                >= 300);
    }

    @Test
    void theResultFollowsTheMatch() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Row row : corpus()) {
            String expression = new String(row.expression(), StandardCharsets.UTF_8);
            boolean isText = Arrays.equals(expression.getBytes(StandardCharsets.UTF_8), row.expression());
            if (row.result().startsWith("error") || row.result().equals("impossible") || !isText) {
                continue;
            }
            boolean passed = RegexSearch.failure(new Regex(expression, row.options(), true, 0, 0), row.subject())
                    .isEmpty();
            if (passed == row.result().equals("no")) {
                wrong.add(expression + " " + row.options());
            }
        }
        assertEquals(List.of(), wrong);
    }

    /** Without the library an expression means the same, or it is refused with a reason: it never misses silently. */
    @Test
    void theJavaEngineAgreesOrRefuses() throws IOException {
        Comparison comparison = new Comparison();
        for (Row row : corpus()) {
            String expression = new String(row.expression(), StandardCharsets.UTF_8);
            // Others cannot be written in a configuration, whose text is UTF-8.
            if (Arrays.equals(expression.getBytes(StandardCharsets.UTF_8), row.expression())) {
                comparison.compare(row.options(), expression, row.subject(), row.result());
            }
        }
        assertEquals("", String.join("\n", comparison.wrong));
        assertTrue(comparison.agreed >= 800, "only " + comparison.agreed + " rows are translated");
    }

    /** Expressions made of parts at random, each with a few texts. */
    @Test
    void theJavaEngineAgreesOrRefusesForRandomExpressions() {
        Required.that(pcre2.version().startsWith("10.42"), "later versions read {,n} in another way");
        long seed = Long.getLong("regex.seed", 20);
        Random random = new Random(seed);
        Comparison comparison = new Comparison();
        for (int i = 0; i < Integer.getInteger("regex.rounds", 5_000); i++) {
            String expression = random(random, PARTS, 1 + random.nextInt(7));
            List<String> options =
                    OPTIONS.stream().filter(_ -> random.nextInt(6) == 0).toList();
            for (int text = 0; text < 3; text++) {
                byte[] subject = random(random, TEXTS, random.nextInt(7)).getBytes(StandardCharsets.UTF_8);
                byte[] bytes = expression.getBytes(StandardCharsets.UTF_8);
                comparison.compare(options, expression, subject, found(new Row(options, bytes, subject, "")));
            }
        }
        assertEquals("", String.join("\n", comparison.wrong), () -> "seed " + seed);
        assertTrue(comparison.agreed >= 1_000, "only " + comparison.agreed + " are translated");
    }

    private static String random(Random random, List<String> parts, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(parts.get(random.nextInt(parts.size())));
        }
        return text.toString();
    }

    /** What the Java engine found, beside the library. */
    private static final class Comparison {
        private final List<String> wrong = new ArrayList<>();
        private int agreed;

        /** @param found offsets of the match, {@code no}, or why there is no result */
        void compare(List<String> options, String expression, byte[] subject, String found) {
            String result;
            try {
                var _ = PcreExpression.forJava(expression, options);
                result = JavaRegexSearch.failure(new Regex(expression, options, true, 0, 0), subject)
                        .map(f -> f.expected().startsWith("a body that matches ") ? "no match" : f.detail())
                        .orElse("match");
            } catch (PcreExpression.BadExpressionException e) {
                assertFalse(e.complaint().isBlank() || e.hint().isBlank(), expression);
                return;
            }
            String expected = found.matches("\\d.*") ? "match" : found.equals("no") ? "no match" : found;
            if (result.equals(expected) || expected.equals("impossible") && result.contains("UTF-8")) {
                agreed++;
            } else {
                wrong.add(options + " " + expression + " in " + new String(subject, StandardCharsets.UTF_8)
                        + ": expected " + expected + ", was " + result);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[ab]*[cd]",
                "(a+)+[!]",
                "(.*a){30}b",
                "(?:[ab]*)*c(*COMMIT)d",
                "(a|aa)+c",
                "(?=(a*))\\1b",
                "(?R)?a*b[x]",
                "a*?a*?a*?[bc]"
            })
    void aHostileBodyReachesALimit(String expression) {
        byte[] body = new byte[MIB];
        Arrays.fill(body, (byte) 'a');
        Match match = pcre2.search(expression.getBytes(StandardCharsets.UTF_8), 0, body, 0, LIMITS);
        assertTrue(match instanceof Match.LimitReached || match instanceof Match.None, match.toString());
    }

    @Test
    void aQuadraticSearchIsStopped() {
        byte[] body = new byte[MIB];
        Arrays.fill(body, (byte) 'a');
        assertInstanceOf(
                Match.LimitReached.class,
                pcre2.search("[ab]*[cd]".getBytes(StandardCharsets.UTF_8), 0, body, 0, LIMITS));
    }

    @Test
    void anErrorHasTheMessageAndOffsetOfTheLibrary() {
        assertEquals(
                Optional.of("missing closing parenthesis (at byte 2)"), new Pcre2Engine().syntaxError("(a", List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"status\":\"UP\"}", "x{a}", "a{,3}b", "\\101", "\\p{Greek}", "\\0", "(?J)a"})
    void expressionsOfPcre2AreAccepted(String expression) {
        assertEquals(Optional.empty(), new Pcre2Engine().syntaxError(expression, List.of()));
    }

    @Test
    void offsetsAreBytesOfTheBodyForBothEngines() {
        byte[] body = "äb b".getBytes(StandardCharsets.UTF_8);
        List<BiFunction<Regex, byte[], Optional<Failed>>> engines =
                List.of(RegexSearch::failure, JavaRegexSearch::failure);
        for (var engine : engines) {
            assertTrue(engine.apply(new Regex("b", List.of("utf"), true, 3, 0), body)
                    .isEmpty());
            assertTrue(engine.apply(new Regex("b", List.of("utf"), true, 1, 3), body)
                    .isEmpty());
            assertTrue(engine.apply(new Regex("b", List.of("utf"), true, 0, 2), body)
                    .isPresent());
            assertTrue(engine.apply(new Regex("^", List.of("utf"), true, 1, 0), body)
                    .isPresent());
            assertTrue(engine.apply(new Regex("b", List.of(), true, 5, 0), body).isPresent());
            assertTrue(engine.apply(new Regex("b", List.of(), true, 6, 0), body).isPresent());
        }
    }
}
