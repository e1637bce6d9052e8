package io.lvsd.conf.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines as they are written, and what they stand for. The config-id is "one". */
final class ExpanderTest {
    private final Problems problems = new Problems();
    private final List<SourceText> lines = new ArrayList<>();

    private List<String> expand(String text) {
        Expander expander = new Expander(problems, new Parameters("one", name -> name.equals("WHO") ? "me" : "", 42));
        int number = 0;
        for (String line : text.split("\n", -1)) {
            expander.expand(SourceText.of("/etc/x/test.conf", ++number, line), Path.of("/etc/x/test.conf"), lines::add);
        }
        expander.endOfFile();
        return lines.stream().map(SourceText::text).toList();
    }

    private static Arguments row(String name, String text, String... expected) {
        return Arguments.of(name, text, List.of(expected));
    }

    static Stream<Arguments> good() {
        return Stream.of(
                row("a plain line", "  weight 1 # comment", "weight 1"),
                row("a comment's sign in quotes or with a backslash", "a \"#b\" \\#c ! d", "a \"#b\" \\#c"),
                row("a condition that holds", "@one weight 1", "weight 1"),
                row("a condition that does not", "@two weight 1"),
                row("a negated condition", "@^two weight 1\n@^one weight 2", "weight 1"),
                row("a condition without a line", "@one\n@one   "),
                row("a condition without a name holds for no host", "@ weight 1\n@^ weight 2\n@\n@^", "weight 2"),
                row("conditions one after the other", "@one @^two weight 1", "weight 1"),
                row("a name before a blank, a comma, a parenthesis and the end", "$A=1\n$A $A, $A) $A", "1 1, 1) 1"),
                row("a name in the middle of a word needs braces", "$A=1\nx$Ab x${A}b", "x$Ab x1b"),
                row("a definition takes the rest of the line", "$A=b c  d\nx ${A}", "x b c  d"),
                row("an empty definition", "$A=\nx ${A}y", "x y"),
                row("the last definition counts", "$A=1\n$A=2\n$A", "2"),
                row("a value is replaced when it is used", "$A=${B}\n$B=1\n$A\n$B=2\n$A", "1", "2"),
                row("a conditional definition", "@two $A=2\n@one $A=1\n$A", "1"),
                row("a name in quotes", "$A=1\n\"${A}\"", "\"1\""),
                row("an undefined name without braces stays", "$B x", "$B x"),
                row("an undefined name in quotes stays", "\"${B}\"", "\"${B}\""),
                row("a blank before the equals sign is no definition", "$A =1", "$A =1"),
                row("a parameter that is a repetition", "$L=~SEQ(N,1,2) a ${N} {}\n$L", "a 1 {}", "a 2 {}"),
                row("a parameter that is a list", "$L=~LST(N,x,y) a ${N}\n${L}", "a x", "a y"),
                row(
                        "a repetition within a repetition, each in a parameter",
                        "$M=~SEQ(J,1,2) a ${I}${J}\n$L=~SEQ(I,1,2) ${M}\n$L",
                        "a 11",
                        "a 12",
                        "a 21",
                        "a 22"),
                row("a parameter that is a condition and a repetition", "$L=@one ~SEQ(N,1,2) a $N\n$L", "a 1", "a 2"),
                row("a parameter that is a definition", "$L=$B=x${C}\n$L\n$C=1\na ${B}", "a x1"),
                row("several lines", "$A=a \\\n b {\\\n\\\n\n  c\nx $A\ny", "x a", "b {", "c", "y"),
                row("several lines within several lines", "$A=1 \\\n2\n$B=x \\\n$A \\\ny\n$B", "x", "1", "2", "y"),
                row("what is replaced never starts a comment", "$A=\\#1\nx ${_HASH}a ${_BANG} $A", "x #a ! #1"),
                row("what is replaced may be a condition", "$A=@one x\n$B=@two\n$A\n$B y", "x"),
                row("what is replaced may be a repetition", "$A=~SEQ(I, 2) x$I\n$A", "x1", "x2"),
                row("what is replaced may be a definition", "$A=X\n$${A}=5\n$X", "5"),
                row("the directory of the file", "${_PWD}/y", "/etc/x/y"),
                row("the config-id and the environment", "${_INSTANCE} ${_ENV WHO} ${_ENV NOBODY}.", "one me ."),
                row("up to an end", "~SEQ(I, 3) x $I", "x 1", "x 2", "x 3"),
                row("down to an end", "~SEQ(I, -2) $I\n~SEQ(I, 0) $I", "-1", "-2", "1", "0"),
                row("from start to end", "~SEQ(I, 5, 3) $I\n~SEQ(I, 3, 5) $I", "5", "4", "3", "3", "4", "5"),
                row("start, step, end", "~SEQ(I, 1, 2, 6) $I\n~SEQ(I, 10, -5, 0) $I", "1", "3", "5", "10", "5", "0"),
                row("hexadecimal and octal", "~SEQx(I, 0xe, 0x10) $I\n~SEQ(I, 010, 9) $I", "e", "f", "10", "8", "9"),
                row("bounds that are parameters", "$N=2\n~SEQ(I, $N) $I", "1", "2"),
                row("the leftmost is slowest", "~SEQ(I, 2) ~SEQ(J, 2) $I.${J}", "$I.1", "$I.2", "$I.1", "$I.2"),
                row("nested", "~SEQ(I, 2) ~SEQ(J, 2) ${I}${J}", "11", "12", "21", "22"),
                row("a repetition gives the name back", "$I=9\n~SEQ(I, 1) $I\n$I", "1", "9"),
                row("a repetition of several lines", "$A=x $I \\\ny\n~SEQ(I, 2) $A", "x 1", "y", "x 2", "y"),
                row("a list", "~LST(I, a, b c,) x $I.", "x $I.", "x $I.", "x $I."),
                row("a list of values", "~LST(I, a, b c,) [${I}]", "[a]", "[b c]", "[]"),
                row("a list of several names", "~LST({A,B}, {1,2}, {3}) ${A}-${B}", "1-2", "3-"),
                row("a definition is not replaced where it stands", "~SEQ(I, 2) $L=$I\n$L", "$I"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void good(String name, String text, List<String> expected) {
        assertEquals(expected, expand(text));
        assertEquals(List.of(), problems.all());
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of("$A=${A}x\n$A", 2, 1, "contains the parameter itself"),
                Arguments.of("$A=${B}${B}\n$B=${A}${A}\nz $A", 3, 3, "contains the parameter itself"),
                Arguments.of("x ${B}", 1, 3, "undefined parameter 'B'"),
                Arguments.of("$A=1 \\\n2\n$A x", 3, 1, "must be the last word"),
                Arguments.of("~SEQ(I) x", 1, 1, "requires a name and one to three numbers"),
                Arguments.of("~SEQ(I, 1, 2, 3, 4) x", 1, 1, "requires a name"),
                Arguments.of("~SEQ(I, a) x", 1, 1, "requires a name"),
                Arguments.of("~SEQ(I, 1, 0, 5) x", 1, 1, "never reaches"),
                Arguments.of("~SEQ(I, 1, -1, 5) x", 1, 1, "never reaches"),
                Arguments.of("~SEQx(I, -1, 5) x", 1, 1, "does not support negative numbers"),
                Arguments.of("~SEQ(I, 65537) x", 1, 1, "more than 65536"),
                Arguments.of("~SEQ(I, 5 x", 1, 1, "invalid '~'"),
                Arguments.of("~FOO(I, 5) x", 1, 1, "invalid '~'"),
                Arguments.of("~LST(I) x", 1, 1, "requires a name"),
                Arguments.of("~LST({A,B}, {1,2,3}) x", 1, 1, "more values"),
                Arguments.of("~SEQ(I, 60000) ~SEQ(J, 60000) x", 1, 1, "more than 1000000 lines"));
    }

    @ParameterizedTest
    @MethodSource
    void bad(String text, int line, int column, String message) {
        var _ = expand(text);
        ConfigProblem problem = problems.all().getFirst();
        assertTrue(problem.text().contains(message), problem::text);
        assertEquals(
                List.of(line, column),
                List.of(problem.origin().line(), problem.origin().column()));
        assertFalse(problem.hint().isEmpty());
    }

    @Test
    void aRandomNumberIsWithinItsBoundsAndTheSeedDecides() {
        List<String> numbers = expand("~SEQ(I, 200) ${_RANDOM 3 5}");
        assertEquals(Set.of("3", "4", "5"), numbers.stream().collect(Collectors.toSet()));
        lines.clear();
        assertEquals(numbers, expand("~SEQ(I, 200) ${_RANDOM 3 5}"));
    }

    @Test
    void everyCharacterKnowsWhereItComesFrom() {
        var _ = expand("$A=value\n  x ${A} yz");
        SourceText line = lines.getFirst();
        assertEquals("x value yz", line.text());
        assertEquals(3, line.origin(0).column());
        assertEquals(5, line.origin(2).column());
        assertEquals(5, line.origin(6).column());
        assertEquals(10, line.origin(8).column());
        assertEquals(2, line.origin(0).line());
        assertEquals("  x ${A} yz", line.origin(0).sourceLine());
    }
}
