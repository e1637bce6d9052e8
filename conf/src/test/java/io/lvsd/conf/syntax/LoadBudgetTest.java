package io.lvsd.conf.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LoadBudgetTest {
    private static final long MIB = 1L << 20;
    private static final Origin PLACE = Origin.ofFile("lvsd.conf");
    private final Problems problems = new Problems();

    @Test
    void aFileThatCannotFitIsFatalAndNamesTheRemedy() {
        assertFalse(LoadBudget.within(() -> 50 * MIB, 96 * MIB, () -> LoadBudget.file(PLACE, 60 * MIB, problems)));
        assertTrue(problems.isFatal());
        assertTrue(problems.all().getFirst().render().contains("LVSD_HEAP_MIB="));
    }

    @Test
    void linesAddUpUntilTheHeapIsUsed() {
        int kept = LoadBudget.within(() -> MIB, 96 * MIB, () -> {
            int lines = 0;
            while (LoadBudget.line(PLACE, 20, problems)) {
                lines++;
            }
            return lines;
        });
        assertTrue(kept > 1000 && kept < 5000, () -> "lines kept: " + kept);
        assertEquals(1, problems.all().size());
    }

    @Test
    void garbageThatIsCollectedIsFreeAgain() {
        AtomicLong readings = new AtomicLong();
        assertTrue(LoadBudget.within(
                () -> readings.getAndIncrement() == 0 ? 0 : 50 * MIB,
                96 * MIB,
                () -> LoadBudget.file(PLACE, MIB, problems)));
        assertFalse(problems.isFatal());
    }

    @Test
    void withoutABudgetNothingIsCharged() {
        assertTrue(LoadBudget.file(PLACE, Long.MAX_VALUE, problems));
        assertTrue(LoadBudget.line(PLACE, 1, problems));
    }
}
