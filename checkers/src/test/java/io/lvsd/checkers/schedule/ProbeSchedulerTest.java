package io.lvsd.checkers.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.CheckId;
import io.lvsd.conf.Names;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProbeSchedulerTest {
    private static final InetAddress HOST = Names.ofBytes(new byte[] {10, 0, 0, 1});
    private final ProbeScheduler scheduler = new ProbeScheduler();

    private static CheckId check(int n) {
        return new CheckId(new VsId("vs"), new RsId(HOST, n), "TCP_CHECK", "f", 0);
    }

    @Test
    void aCheckThatIsPlannedAgainMovesAndIsNeverDueTwice() {
        scheduler.plan(check(1), 100);
        scheduler.plan(check(1), 50);
        scheduler.plan(check(2), 60);
        assertEquals(List.of(check(1), check(2)), scheduler.due(100));
        assertEquals(List.of(), scheduler.due(1_000));
    }

    @Test
    void aForgottenCheckIsNotDue() {
        scheduler.plan(check(1), 100);
        scheduler.cancel(check(1));
        assertEquals(List.of(), scheduler.due(1_000));
        assertTrue(scheduler.next().isEmpty());
    }

    @Test
    void firstProbesOfOneHostKeepTheirDistance() {
        for (int i = 0; i < 3; i++) {
            scheduler.planFirst(check(i), HOST, 1_000, Duration.ZERO);
        }
        assertEquals(1, scheduler.due(1_000).size(), "the first at once");
        assertEquals(0, scheduler.due(1_000 + Duration.ofMillis(19).toNanos()).size());
        assertEquals(1, scheduler.due(1_000 + Duration.ofMillis(20).toNanos()).size());
        assertEquals(1, scheduler.due(1_000 + Duration.ofMillis(40).toNanos()).size());
    }

    @Test
    void thePhaseOfACheckIsItsOwnForEverAndWithinThePeriod() {
        Duration period = Duration.ofSeconds(10);
        for (int i = 0; i < 100; i++) {
            Duration phase = ProbeScheduler.phase(check(i), period);
            assertEquals(phase, ProbeScheduler.phase(check(i), period));
            assertTrue(phase.compareTo(Duration.ofSeconds(5)) >= 0 && phase.compareTo(period) <= 0, phase::toString);
        }
    }
}
