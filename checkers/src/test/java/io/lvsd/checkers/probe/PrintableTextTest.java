package io.lvsd.checkers.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import org.junit.jupiter.api.Test;

final class PrintableTextTest {
    @Test
    void controlCharactersAndLineEndsAreEscaped() {
        assertEquals("a\\r\\nevent=rs.up \\x1b[31m\\u202e", PrintableText.of("a\r\nevent=rs.up \u001b[31m\u202e"));
    }

    @Test
    void printableTextIsKept() {
        assertEquals("550 Übung \\ 測試 😀", PrintableText.of("550 Übung \\ 測試 😀"));
    }

    @Test
    void longTextIsCutWithinTheLimitAndNotWithinACharacter() {
        assertEquals(PrintableText.MAX, PrintableText.of("x".repeat(201)).length());
        assertEquals("x".repeat(200), PrintableText.of("x".repeat(200)));
        assertTrue(PrintableText.of("x" + "😀".repeat(300)).codePoints().noneMatch(c -> c >= 0xd800 && c < 0xe000));
    }

    @Test
    void resultsHoldNoTextThatIsUnsafeToShow() {
        assertEquals("a\\nb", new Failed(Reason.ANSWER, "a\nb").detail());
        assertEquals("a\\nb", new Inconclusive("a\nb").cause());
    }
}
