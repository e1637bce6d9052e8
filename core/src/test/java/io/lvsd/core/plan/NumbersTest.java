package io.lvsd.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.lvsd.core.plan.Numbers.Pins;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NumbersTest {
    private static final ServiceKey ONE = new ServiceKey.FwmarkKey(AddressFamily.INET, 1);
    private static final ServiceKey TWO = new ServiceKey.FwmarkKey(AddressFamily.INET, 2);
    private static final ServiceKey THREE = new ServiceKey.FwmarkKey(AddressFamily.INET, 3);

    private static DestinationKey real(int number) {
        return new DestinationKey(Addresses.of(AddressFamily.INET, new byte[] {10, 1, 0, (byte) number}), 80);
    }

    private static Numbers<ServiceKey, DestinationKey> with(
            Numbers<ServiceKey, DestinationKey> numbers, Map<ServiceKey, List<DestinationKey>> seen) {
        return numbers.with(seen, Pins.none());
    }

    @Test
    void newKeysGetTheSmallestUnusedNumbers() {
        Numbers<ServiceKey, DestinationKey> stored =
                Numbers.of(Map.of(ONE, 2), Map.of(ONE, Map.of(real(5), 1, real(6), 3)));
        Numbers<ServiceKey, DestinationKey> next = with(stored, Map.of(ONE, List.of(real(7), real(5), real(8))));
        assertEquals(2, next.of(ONE, real(7)));
        assertEquals(4, next.of(ONE, real(8)));
        assertEquals(1, with(next, Map.of(TWO, List.of())).of(TWO));
    }

    @Test
    void numbersStay() {
        Numbers<ServiceKey, DestinationKey> first = with(Numbers.none(), Map.of(TWO, List.of(real(1), real(2))));
        Numbers<ServiceKey, DestinationKey> next =
                with(with(first, Map.of(ONE, List.of(real(1)))), Map.of(THREE, List.of()));
        assertEquals(List.of(1, 2, 3), List.of(next.of(TWO), next.of(ONE), next.of(THREE)));
        assertEquals(List.of(1, 2, 1), List.of(next.of(TWO, real(1)), next.of(TWO, real(2)), next.of(ONE, real(1))));
        assertSame(first.members().get(TWO), next.members().get(TWO));
        assertEquals(0, next.of(THREE, real(1)));
    }

    @Test
    void whatHasNumbersChangesNothing() {
        Numbers<ServiceKey, DestinationKey> numbers = with(Numbers.none(), Map.of(ONE, List.of(real(1))));
        assertSame(numbers, with(numbers, Map.of(ONE, List.of(real(1)))));
        assertSame(numbers, with(numbers, Map.of()));
    }

    @Test
    void aPinnedNumberGoesToItsKeyAndTheOtherOneGetsAnother() {
        Numbers<ServiceKey, DestinationKey> numbers =
                with(Numbers.none(), Map.of(ONE, List.of(real(1), real(2), real(3))));
        Pins<ServiceKey, DestinationKey> pins = new Pins<>(Map.of(TWO, 1), Map.of(ONE, Map.of(real(3), 1)));
        Numbers<ServiceKey, DestinationKey> next =
                numbers.with(Map.of(TWO, List.of(), ONE, List.of(real(1), real(2), real(3))), pins);
        assertEquals(List.of(2, 1), List.of(next.of(ONE), next.of(TWO)));
        assertEquals(List.of(3, 2, 1), List.of(next.of(ONE, real(1)), next.of(ONE, real(2)), next.of(ONE, real(3))));
        assertSame(next, next.with(Map.of(TWO, List.of()), pins), "it stays");
    }

    @Test
    void aKeyThatTheReloadDoesNotConcernAlsoGivesWay() {
        Numbers<ServiceKey, DestinationKey> numbers = with(Numbers.none(), Map.of(ONE, List.of()));
        Numbers<ServiceKey, DestinationKey> next =
                numbers.with(Map.of(TWO, List.of()), new Pins<>(Map.of(TWO, 1), Map.of()));
        assertEquals(List.of(2, 1), List.of(next.of(ONE), next.of(TWO)));
    }
}
