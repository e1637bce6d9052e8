package io.lvsd.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RowNumbersTest {
    private static final ServiceKey ONE = new ServiceKey.FwmarkKey(AddressFamily.INET, 1);
    private static final ServiceKey TWO = new ServiceKey.FwmarkKey(AddressFamily.INET, 2);
    private static final ServiceKey THREE = new ServiceKey.FwmarkKey(AddressFamily.INET, 3);

    private static DestinationKey real(int number) {
        return new DestinationKey(Addresses.of(AddressFamily.INET, new byte[] {10, 1, 0, (byte) number}), 80);
    }

    @Test
    void newKeysGetTheSmallestUnusedNumbers() {
        RowNumbers stored = RowNumbers.of(Map.of(ONE, 2), Map.of(ONE, Map.of(real(5), 1, real(6), 3)));
        RowNumbers next = stored.with(Map.of(ONE, List.of(real(7), real(5), real(8))));
        assertEquals(2, next.of(ONE, real(7)));
        assertEquals(4, next.of(ONE, real(8)));
        assertEquals(1, next.with(Map.of(TWO, List.of())).of(TWO));
    }

    @Test
    void numbersStay() {
        RowNumbers first = RowNumbers.NONE.with(Map.of(TWO, List.of(real(1), real(2))));
        RowNumbers next = first.with(Map.of(ONE, List.of(real(1)))).with(Map.of(THREE, List.of()));
        assertEquals(List.of(1, 2, 3), List.of(next.of(TWO), next.of(ONE), next.of(THREE)));
        assertEquals(List.of(1, 2, 1), List.of(next.of(TWO, real(1)), next.of(TWO, real(2)), next.of(ONE, real(1))));
        assertSame(first.destinations().get(TWO), next.destinations().get(TWO));
        assertEquals(0, next.of(THREE, real(1)));
    }

    @Test
    void whatHasNumbersChangesNothing() {
        RowNumbers numbers = RowNumbers.NONE.with(Map.of(ONE, List.of(real(1))));
        assertSame(numbers, numbers.with(Map.of(ONE, List.of(real(1)))));
        assertSame(numbers, numbers.with(Map.of()));
    }
}
