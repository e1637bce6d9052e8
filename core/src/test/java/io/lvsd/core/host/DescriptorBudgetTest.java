package io.lvsd.core.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.ipvs.embedded.EmbeddedLimits;
import io.lvsd.sorryserver.SorryLimits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All parts together fit into the limit for each limit and driver. */
final class DescriptorBudgetTest {
    private static final long HEAP = 96L << 20;

    @ParameterizedTest
    @CsvSource({"256", "257", "300", "1024", "1500", "4096", "65536", "1048576", "1073741816", "2147483647"})
    void thePartsNeverExceedTheLimit(long openFiles) {
        for (boolean embedded : new boolean[] {false, true}) {
            for (long heap : new long[] {16L << 20, HEAP, 8L << 30}) {
                DescriptorBudget budget = DescriptorBudget.of(openFiles, heap, embedded);
                EmbeddedLimits forwarded = budget.embeddedLimits();
                long driver = embedded ? 2L * forwarded.connections() + forwarded.sessions() : 0;
                long clients = budget.http() + budget.pages() + 2L * budget.relays() + driver;
                assertTrue(budget.reserved() + clients <= openFiles, budget::toString);
                assertTrue(budget.reserved() >= Math.min(openFiles / 2, 65_536), budget::toString);
                assertTrue(budget.http() >= 8 && budget.pages() >= 8 && budget.relays() >= 4, budget::toString);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"256, 152, 19", "20000, 12000, 1500", "65536, 45872, 5734", "2147483647, 65536, 65536"})
    void aProcessForSorryPagesHasMostDescriptorsForPages(long openFiles, int pages, int relays) {
        DescriptorBudget budget = DescriptorBudget.ofSorryServer(openFiles, 2L << 30);
        assertEquals(pages, budget.pages());
        assertEquals(relays, budget.relays());
        assertTrue(budget.reserved() + pages + 2L * relays <= openFiles);
    }

    @ParameterizedTest
    @CsvSource({"1500, false, 64, 343, 171", "1500, true, 64, 86, 43", "1048576, false, 64, 3072, 3072"})
    void partsOfClientsDependOnTheLimitAndTheMemory(long openFiles, boolean embedded, int http, int pages, int relays) {
        DescriptorBudget budget = DescriptorBudget.of(openFiles, HEAP, embedded);
        assertEquals(http, budget.http());
        assertEquals(pages, budget.pages());
        assertEquals(relays, budget.relays());
    }

    @ParameterizedTest
    @CsvSource({"16, 65536", "96, 393216", "8192, 33554432"})
    void incompleteRequestsUseASmallPartOfTheHeap(long mebibytes, long bytes) {
        SorryLimits limits = DescriptorBudget.of(1_500, mebibytes << 20, false).sorryLimits();
        assertEquals(bytes, limits.requestBytes());
    }
}
