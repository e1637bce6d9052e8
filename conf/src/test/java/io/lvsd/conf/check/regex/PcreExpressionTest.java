package io.lvsd.conf.check.regex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.check.regex.PcreExpression.BadExpressionException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What PCRE2 and java.util.regex read differently. */
final class PcreExpressionTest {
    private static boolean matches(String expression, String text, List<String> options) throws BadExpressionException {
        PcreExpression.of(expression).validate(options);
        return PcreExpression.forJava(expression, options).matcher(text).find();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "^[[:alpha:]]+$ abc true",
                "^[[:^digit:]]+$ abc true",
                "^[[:^digit:]]+$ ab1 false",
                "^[[a]+$ [a true",
                "^[]a]+$ ]a true",
                "^[a&&b]+$ a&b true",
                "(?P<n>a)\\k<n> aa true",
                "^\\N+$ abc true",
                "^a(?#comment)b$ ab true",
                "^\\Q(*)\\E$ (*) true",
                "(?i)OK ok true",
                "(?>a+)b aab true",
                "(?<=a)b ab true",
                "^a$ a true",
                "\\[:alpha:] [:alpha:] true",
                "^\\101$ A true",
                "^\\o{101}\\x{42}\\x43$ ABC true",
                "(a)\\g{1} aa true",
                "^(a)(b)\\g{-1}$ abb true",
                "{\"status\":\"UP\"} {\"status\":\"UP\"} true",
                "^x{a}$ x{a} true",
                "^a{,3}b$ a{,3}b true",
                "^[\\1-\\x{7f}]+$ ab true"
            })
    void theyMeanTheSame(String expression, String text, boolean found) throws BadExpressionException {
        assertEquals(found, matches(expression, text, List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "a.b,     'a\nb', dotall,         true",
        "a.b,     'a\nb', caseless,       false",
        "^b,      'a\nb', multiline,      true",
        "A,       a,      caseless,       true",
        "'a b',   ab,     extended,       true",
        "a$,      'a\n',  dollar_endonly, false",
        "a$,      'a\n',  caseless,       true",
        "a.b,     'a\rb', caseless,       true",
        "a,       a,      no_auto_possess, true"
    })
    void optionsHold(String expression, String text, String option, boolean found) throws BadExpressionException {
        assertEquals(found, matches(expression, text, List.of(option)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\Kb",
                "(?R)",
                "(?1)(a)",
                "(?&n)(?<n>a)",
                "(?P>n)(?P<n>a)",
                "(?|a|b)",
                "(?(1)a|b)",
                "(*SKIP)a",
                "\\C",
                "\\p{Greek}",
                "(?<=a|(b))c",
                "\\G",
                "(?=a)*b",
                "[[:nosuch:]]",
                "(?J)a"
            })
    void whatOnlyPcreHasIsRefusedByName(String expression) {
        BadExpressionException e = assertThrows(
                BadExpressionException.class,
                () -> PcreExpression.of(expression).validate(List.of()));
        assertTrue(e.complaint().startsWith("uses ") && e.complaint().contains("PCRE2"), e.complaint());
    }

    @ParameterizedTest
    @ValueSource(strings = {"firstline", "dupnames", "alt_bsux", "ucp"})
    void optionsThatChangeTheMeaningAreRefusedIfTheyCannotBeHad(String option) {
        PcreExpression expression = PcreExpression.of("a");
        assertThrows(BadExpressionException.class, () -> expression.validate(List.of(option)));
    }
}
