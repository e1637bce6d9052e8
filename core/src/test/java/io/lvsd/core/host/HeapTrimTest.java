package io.lvsd.core.host;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.host.HeapTrim.Rule;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class HeapTrimTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MIB = 1L << 20;

    private final Rule rule = new Rule(12 * MIB, 0);

    private boolean isDue(int mebibytes, long seconds) {
        return rule.isDue(mebibytes * MIB, seconds * SECOND);
    }

    @Test
    void aHeapThatHasGrownByHalfIsCollected() {
        assertFalse(isDue(18, 100));
        assertTrue(isDue(19, 100));
        rule.collected(100 * MIB, 100 * SECOND, 100 * SECOND);
        assertFalse(isDue(150, 200));
        assertTrue(isDue(151, 200));
    }

    @Test
    void aLittleGrowthOfASmallHeapIsIgnored() {
        rule.collected(4 * MIB, 0, 0);
        assertFalse(isDue(10, 100));
        assertTrue(isDue(11, 100));
    }

    @Test
    void aStartIsNotDelayed() {
        assertFalse(isDue(200, 19));
        assertTrue(isDue(200, 20));
    }

    /** After a collection the heap may be as large as before: then only further growth counts. */
    @Test
    void aHeapThatIsInUseIsNotCollectedAgain() {
        assertTrue(isDue(200, 20));
        rule.collected(200 * MIB, 20 * SECOND, 21 * SECOND);
        assertFalse(isDue(200, 10_000));
    }

    @Test
    void collectionsTakeALimitedShareOfTheTime() {
        rule.collected(50 * MIB, 98 * SECOND, 100 * SECOND);
        assertFalse(isDue(100, 299), "200 s after one that took 2 s");
        assertTrue(isDue(100, 300));
        rule.collected(50 * MIB, 300 * SECOND, 300 * SECOND);
        assertFalse(isDue(100, 359), "at most one in a minute");
        assertTrue(isDue(100, 360));
    }
}
