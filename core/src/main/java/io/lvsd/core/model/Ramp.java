package io.lvsd.core.model;

import java.time.Duration;

/**
 * The slow start of a server that has come up: its weight grows linearly from 0.1 % to all of it.
 *
 * @param since monotonic nanoseconds
 * @param length duration of the slow start
 * @param share per mille of the weight, 1 to 1000, when it was updated last
 */
public record Ramp(long since, Duration length, int share) {
    private static final int WHOLE = 1_000;

    public static Ramp begin(long now, Duration length) {
        return new Ramp(now, length, 1);
    }

    /** At another time. */
    public Ramp at(long now) {
        long nanos = Math.max(1, length.toNanos());
        double part = Math.clamp((double) (now - since) / nanos, 0, 1);
        return new Ramp(since, length, (int) Math.max(1, Math.round(part * WHOLE)));
    }

    public boolean isOver() {
        return share >= WHOLE;
    }

    /** The present part of a weight; at least 1, or 0 of 0. */
    long of(long weight) {
        return weight == 0 ? 0 : Math.max(1, Math.round(weight / (double) WHOLE * share));
    }
}
