package io.lvsd.core.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.host.HeapTrim.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class HeapTrimTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MIB = 1L << 20;

    private final Rule rule = new Rule(12 * MIB, 0);

    /** The sizes in MiB, one every ten seconds, at which a collection was due; each makes the heap this large. */
    private List<Integer> collections(int after, long took, int... sizes) {
        List<Integer> due = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            long now = 10 * SECOND * (i + 1);
            if (rule.isDue(sizes[i] * MIB, now)) {
                due.add(sizes[i]);
                rule.collected(after * MIB, now, now + took);
            }
        }
        return due;
    }

    @Test
    void aHeapIsCollectedOnceItGrowsNoFurther() {
        assertEquals(List.of(70), collections(40, SECOND / 10, 12, 30, 60, 70, 70, 40, 40, 40, 40, 40, 40, 40, 40));
    }

    @Test
    void aLittleGrowthIsIgnored() {
        assertEquals(List.of(), collections(12, 0, 13, 13, 16, 16, 18, 18, 18));
        assertEquals(List.of(19), collections(12, 0, 19, 19));
    }

    /** After a collection the heap may be as large as before: then only further growth counts. */
    @Test
    void aHeapThatIsInUseIsNotCollectedAgain() {
        int[] sizes = new int[100];
        Arrays.fill(sizes, 200);
        assertEquals(List.of(200), collections(200, SECOND / 10, sizes));
    }

    @Test
    void collectionsTakeALimitedShareOfTheTime() {
        rule.isDue(100 * MIB, 0);
        assertTrue(rule.isDue(100 * MIB, SECOND));
        rule.collected(50 * MIB, SECOND, 3 * SECOND);
        rule.isDue(100 * MIB, 4 * SECOND);
        assertFalse(rule.isDue(100 * MIB, 402 * SECOND), "400 s after one that took 2 s");
        assertTrue(rule.isDue(100 * MIB, 404 * SECOND));
        rule.collected(50 * MIB, 404 * SECOND, 404 * SECOND);
        rule.isDue(100 * MIB, 405 * SECOND);
        assertFalse(rule.isDue(100 * MIB, 463 * SECOND), "at most one in a minute");
        assertTrue(rule.isDue(100 * MIB, 465 * SECOND));
    }
}
