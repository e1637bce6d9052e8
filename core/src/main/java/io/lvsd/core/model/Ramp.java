package io.lvsd.core.model;

import java.time.Duration;

/**
 * The slow start of a returned server: its share of its own weight grows evenly from nearly nothing to all of it.
 *
 * @param since monotonic nanoseconds
 * @param length how long it takes
 * @param share per mille, 1 to 1000, as judged last
 */
public record Ramp(long since, Duration length, int share) {
    private static final int WHOLE = 1_000;

    public static Ramp begin(long now, Duration length) {
        return new Ramp(now, length, 1);
    }

    /** As it is at another time. */
    public Ramp at(long now) {
        long nanos = Math.max(1, length.toNanos());
        double part = Math.clamp((double) (now - since) / nanos, 0, 1);
        return new Ramp(since, length, (int) Math.max(1, Math.round(part * WHOLE)));
    }

    public boolean isOver() {
        return share >= WHOLE;
    }

    /** What is left of a weight; at least 1, unless there is none. */
    long of(long weight) {
        return weight == 0 ? 0 : Math.max(1, Math.round(weight / (double) WHOLE * share));
    }
}
