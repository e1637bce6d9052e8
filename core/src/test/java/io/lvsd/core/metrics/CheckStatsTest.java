package io.lvsd.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.view.Moment;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counts of single checks, and the conversion of times. */
final class CheckStatsTest {
    private static final CheckId CHECK = new CheckId(
            new VsId("192.0.2.1:80/tcp"), new RsId(InetAddress.getLoopbackAddress(), 80), "TCP_CHECK", "f", 0);

    private static ProbeReport passed(Duration duration) {
        return new ProbeReport(ProbeResult.Passed.plain(), duration);
    }

    private static ProbeReport failed() {
        return new ProbeReport(new ProbeResult.Failed(Reason.STATUS, ""), Duration.ofMillis(1));
    }

    @Test
    void onlyFailuresAreCountedUnlessDurationsAreConfigured() {
        CheckStats stats = new CheckStats();
        stats.finished(CHECK, passed(Duration.ofMillis(5)));
        stats.finished(CHECK, failed());
        assertEquals(1, stats.of(CHECK).failures());
        assertTrue(Double.isNaN(stats.of(CHECK).upTo(0)));
        assertTrue(Double.isNaN(stats.of(CHECK).seconds()));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1000000, 0", "1000001, 1", "5000000, 2", "30000000000, 13", "30000000001, 14"})
    void aDurationIsInTheBucketWhoseBoundItDoesNotExceed(long nanos, int bucket) {
        CheckStats stats = new CheckStats();
        stats.countDurations(true);
        stats.finished(CHECK, passed(Duration.ofNanos(nanos)));
        assertEquals(1, stats.of(CHECK).upTo(bucket));
        assertEquals(bucket == 0 ? 1 : 0, stats.of(CHECK).upTo(Math.max(0, bucket - 1)));
        assertEquals(1, stats.of(CHECK).upTo(CheckStats.BOUNDS.size()));
        assertEquals(nanos / 1e9, stats.of(CHECK).seconds(), 1e-12);
    }

    @Test
    void failuresAreKeptWhenDurationsAreSwitched() {
        CheckStats stats = new CheckStats();
        stats.finished(CHECK, failed());
        stats.countDurations(true);
        stats.finished(CHECK, failed());
        assertEquals(2, stats.of(CHECK).failures());
        assertEquals(1, stats.of(CHECK).upTo(CheckStats.BOUNDS.size()));
        stats.countDurations(false);
        stats.finished(CHECK, failed());
        assertEquals(3, stats.of(CHECK).failures());
        assertTrue(Double.isNaN(stats.of(CHECK).seconds()));
    }

    @Test
    void aCheckThatIsGoneBeginsAnew() {
        CheckStats stats = new CheckStats();
        stats.finished(CHECK, failed());
        stats.removed(CHECK);
        assertEquals(0, stats.of(CHECK).failures());
    }

    @Test
    void aMonotonicTimeHasTheSameValueUntilTheWallClockIsSet() {
        WallTime wall = new WallTime();
        Instant noon = Instant.parse("2026-05-01T12:00:00Z");
        wall.at(new Moment(1_000_000_000L, noon));
        double seconds = wall.seconds(500_000_000L);
        assertEquals(noon.getEpochSecond() - 0.5, seconds);
        // The clocks are read 40 ms apart.
        wall.at(new Moment(2_000_000_000L, noon.plusMillis(1_040)));
        assertEquals(seconds, wall.seconds(500_000_000L));
        // The wall clock is set by an hour.
        wall.at(new Moment(3_000_000_000L, noon.plusSeconds(3_602)));
        assertEquals(seconds + 3_600, wall.seconds(500_000_000L));
    }
}
