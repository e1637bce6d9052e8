package io.lvsd.core.view;

import java.time.Duration;
import java.time.Instant;

/**
 * One moment on both clocks, to convert between them.
 *
 * @param nanos monotonic, as {@link System#nanoTime}
 * @param wall time of day
 */
public record Moment(long nanos, Instant wall) {
    /** The present moment. */
    public static Moment now() {
        return new Moment(System.nanoTime(), Instant.now());
    }

    /** The time of day of a monotonic time. */
    public Instant wall(long monotonic) {
        return wall.plusNanos(monotonic - nanos);
    }

    /** How long ago a monotonic time was; negative: it is in the future. */
    public Duration since(long monotonic) {
        return Duration.ofNanos(nanos - monotonic);
    }
}
