package io.lvsd.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The layout of {@code status --watch}. */
final class StatusWatchTest {
    private static String visible(String frame) {
        return frame.replace("\u001b[H", "<").replace("\u001b[K", "|").replace("\u001b[J", ">");
    }

    @Test
    void linesThatFitAreShownWithoutALineEndThatScrolls() {
        assertEquals("<a|\nb|\nc|>", visible(StatusWatch.frame("a\nb\nc\n", 3)));
        assertEquals("<a|\nb|\nc|>", visible(StatusWatch.frame("a\nb\nc\n", 0)));
    }

    @Test
    void linesWithoutRoomAreCounted() {
        String rest = " more lines: enlarge the terminal, or use --only problems or --json";
        assertEquals("<a|\n... 2" + rest + "|>", visible(StatusWatch.frame("a\nb\nc\n", 2)));
        assertEquals("<... 3" + rest + "|>", visible(StatusWatch.frame("a\nb\nc\n", 1)));
    }

    @ParameterizedTest
    @CsvSource({"24 80, 24", "0 0, 0", "'24 80\n', 24", "stty: no terminal, 0", "'', 0"})
    void theSizeIsThatOfStty(String output, int rows) {
        assertEquals(rows, TerminalScreen.rows(output));
    }
}
