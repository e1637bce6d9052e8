package io.lvsd.checkers.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class LatenessTest {
    private static final long MILLI = 1_000_000;

    @Test
    void quantilesAreRightToATenthAndForgetWhatIsTwoMinutesOld() {
        Lateness lateness = new Lateness();
        for (int i = 1; i <= 1_000; i++) {
            lateness.add(i * MILLI, 0);
        }
        assertEquals(500, lateness.quantile(0.5), 50);
        assertEquals(990, lateness.quantile(0.99), 99);
        lateness.add(MILLI, 61_000 * MILLI);
        assertEquals(990, lateness.quantile(0.99), 99);
        lateness.add(MILLI, 122_000 * MILLI);
        assertEquals(1, lateness.quantile(1), 0.1);
        assertEquals(1_002, lateness.total());
    }
}
