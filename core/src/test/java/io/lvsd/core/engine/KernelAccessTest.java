package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When the table is read, and how much of it. */
final class KernelAccessTest {
    private static final long MILLI = 1_000_000;
    private static final ServiceKey SERVICE = new ServiceKey.FwmarkKey(AddressFamily.INET, 1);

    private static Event.KernelRead whole(long cpuMillis) {
        return new Event.KernelRead(IpvsSnapshot.EMPTY, cpuMillis * MILLI);
    }

    private static Event.KernelRead part(boolean completes, long cpuMillis) {
        return new Event.KernelRead(IpvsSnapshot.EMPTY, Optional.of(Set.of(SERVICE)), completes, cpuMillis * MILLI);
    }

    /** The millisecond at which a reading is due. */
    private static long due(KernelAccess access) {
        for (long milli = 0; milli < 1_000_000; milli++) {
            if (access.isReadDue(milli * MILLI)) {
                return milli;
            }
        }
        throw new AssertionError("never");
    }

    private static KernelAccess read(KernelAccess access, Event.KernelRead reading, long begun, long ended) {
        return access.begun(begun * MILLI).read(reading, false, ended * MILLI);
    }

    @Test
    void aSmallTableIsReadEveryTwoSecondsFromBeginningToBeginning() {
        KernelAccess access = KernelAccess.readAt(0, false);
        assertEquals(2_000, due(access));
        assertEquals(4_000, due(read(access, whole(5), 2_000, 2_010)));
        assertEquals(500, due(KernelAccess.readAt(0, true)));
    }

    @Test
    void theCpuTimeOfAReadingDecidesOnThePauseNotItsDuration() {
        KernelAccess access = KernelAccess.readAt(0, false);
        assertEquals(4_000, due(read(access, whole(1), 2_000, 3_900)));
        assertEquals(2_200 + 100 * 50, due(read(access, whole(100), 2_000, 2_200)));
    }

    @Test
    void eachPartHasAPauseAndARoundBeginsAfterTwoSecondsAtLeast() {
        KernelAccess access = read(KernelAccess.readAt(0, false), part(false, 20), 2_000, 2_025);
        assertEquals(3_025, due(access));
        access = read(access, part(false, 20), 3_025, 3_050);
        assertEquals(4_050, due(access));
        access = read(access, part(true, 3), 4_050, 4_060);
        assertEquals(4_210, due(access));
        assertEquals(2_000 * MILLI, access.completeSince());
        KernelAccess quick = read(KernelAccess.readAt(0, false), part(true, 3), 2_000, 2_010);
        assertEquals(4_000, due(quick));
    }

    @Test
    void afterFailedCommandsTheirServicesAreReadAtOnceAndNothingElse() {
        KernelAccess access = KernelAccess.readAt(0, false).begun(1_000 * MILLI).applied(Set.of(SERVICE));
        assertFalse(access.isFree());
        assertTrue(access.isReadDue(1_000 * MILLI));
        assertEquals(new ReadScope.Services(Set.of(SERVICE)), access.scope(Set.of()));
        KernelAccess next = read(access, part(false, 1), 1_000, 1_001);
        assertTrue(next.isFree());
        assertEquals(new ReadScope.Next(Set.of()), next.scope(Set.of()));
        assertEquals(2_000, due(next));
        assertEquals(0, next.completeSince());
    }

    @Test
    void afterABrokenLinkTheWholeTableIsReadWithAPause() {
        KernelAccess access = KernelAccess.readAt(0, false).begun(1_000 * MILLI).failed(1_000 * MILLI);
        assertFalse(access.isFree());
        assertFalse(access.isReadDue(1_000 * MILLI));
        assertEquals(3_000, due(access));
        assertEquals(new ReadScope.Whole(), access.scope(Set.of()));
        assertTrue(read(access, whole(5), 3_000, 3_010).isFree());
    }
}
