package io.lvsd.checkers.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.clock.ClockEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pauses, suspended machines and clocks that are set, each one event. */
final class PauseWatchTest {
    private final List<ClockEvent> reported = new ArrayList<>();
    private long boot = 50_000;
    private long wall = 1_700_000_000_000L;
    private long nanos = 7_000_000_000L;
    private final PauseWatch watch = new PauseWatch(
            new PauseWatch.Clocks() {
                @Override
                public long bootMillis() {
                    return boot;
                }

                @Override
                public long wallMillis() {
                    return wall;
                }

                @Override
                public long nanos() {
                    return nanos;
                }
            },
            reported::add);

    /** @param asleep of it, as the machine was suspended */
    private void pass(long millis, long asleep) {
        boot += millis;
        wall += millis;
        nanos += (millis - asleep) * 1_000_000;
    }

    private void steps(int count) {
        for (int i = 0; i < count; i++) {
            pass(200, 0);
            watch.check();
        }
    }

    @Test
    void anOrdinaryLifeIsNoEvent() {
        long start = nanos;
        steps(50);
        pass(900, 0);
        watch.check();
        assertEquals(List.of(), reported);
        assertFalse(watch.since(start));
    }

    @Test
    void aPauseIsOneEventAndExcusesWhatBeganBeforeIt() {
        steps(3);
        long before = nanos;
        pass(12_000, 0);
        assertTrue(watch.since(before), "it is detected at once, not at the next check");
        watch.check();
        steps(10);
        assertEquals(List.of(new ClockEvent(Kind.PAUSED, Duration.ofSeconds(12))), reported);
        assertTrue(watch.since(before));
        assertFalse(watch.since(nanos - 1_000_000));
    }

    @Test
    void aSuspendedMachineHasPausedThoughItsMonotonicClockStoodStill() {
        long before = nanos;
        pass(3_600_000, 3_600_000);
        assertTrue(watch.since(before));
        watch.check();
        assertEquals(List.of(new ClockEvent(Kind.PAUSED, Duration.ofHours(1))), reported);
        assertTrue(watch.since(before));
    }

    @Test
    void aClockThatIsSetIsOneEventAndExcusesNothing() {
        long before = nanos;
        wall -= 3_600_000;
        pass(200, 0);
        watch.check();
        steps(5);
        assertEquals(List.of(new ClockEvent(Kind.STEPPED, Duration.ofHours(-1))), reported);
        assertFalse(watch.since(before));
    }
}
