package io.lvsd.core.metrics;

import io.lvsd.core.view.Moment;
import java.time.Duration;
import java.time.Instant;

/**
 * Converts monotonic times to seconds since 1970. The same time gives the same value at each scrape, although both clocks are
 * never read at exactly the same moment; only a step of the wall clock changes it. Used by one thread at a time.
 */
final class WallTime {
    private static final long TOLERATED = Duration.ofMillis(100).toNanos();
    private static final double SECOND = 1e9;
    private static final double MILLIS = 1e3;

    /** The difference between the clocks, in nanoseconds; far below the limits of a long. */
    private long offset = Long.MIN_VALUE;

    /** Compares the clocks at one moment. */
    void at(Moment now) {
        long current = nanos(now.wall()) - now.nanos();
        if (offset == Long.MIN_VALUE || Math.abs(current - offset) > TOLERATED) {
            offset = current;
        }
    }

    /** A monotonic time as seconds since 1970, to the millisecond. */
    double seconds(long monotonic) {
        return Math.rint((monotonic + offset) / SECOND * MILLIS) / MILLIS;
    }

    /** A time of day as seconds since 1970, to the millisecond. */
    static double seconds(Instant instant) {
        return instant.toEpochMilli() / MILLIS;
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * (long) SECOND + instant.getNano();
    }
}
