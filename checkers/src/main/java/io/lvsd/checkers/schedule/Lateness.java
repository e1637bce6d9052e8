package io.lvsd.checkers.schedule;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How late probes start, counted in steps that grow by about a tenth: 0.1 ms to 100 s. Thread-safe.
 */
public final class Lateness {
    private static final double FIRST_MILLIS = 0.1;
    private static final double GROWTH = 1.1;
    private static final int STEPS = 146;

    private final AtomicLongArray counts = new AtomicLongArray(STEPS);

    /** One probe. */
    public void add(long nanos) {
        double millis = nanos / 1e6;
        int step = millis <= FIRST_MILLIS
                ? 0
                : (int) Math.min(STEPS - 1L, Math.ceil(Math.log(millis / FIRST_MILLIS) / Math.log(GROWTH)));
        counts.incrementAndGet(step);
    }

    /** Probes counted. */
    public long total() {
        long total = 0;
        for (int step = 0; step < STEPS; step++) {
            total += counts.get(step);
        }
        return total;
    }

    /**
     * The lateness that a share of the probes did not exceed, in milliseconds, up to a tenth too much.
     *
     * @param share 0 to 1
     */
    public double quantile(double share) {
        long wanted = (long) Math.ceil(total() * share);
        long seen = 0;
        for (int step = 0; step < STEPS; step++) {
            seen += counts.get(step);
            if (seen >= wanted && seen > 0) {
                return FIRST_MILLIS * Math.pow(GROWTH, step);
            }
        }
        return 0;
    }
}
