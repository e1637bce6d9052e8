package io.lvsd.checkers.schedule;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How late probes started in the last one to two minutes, counted in steps that grow by a tenth: 0.1 ms to 100 s. Written by
 * one thread, read by any.
 */
public final class Lateness {
    private static final long PERIOD = Duration.ofMinutes(1).toNanos();
    private static final double FIRST_MILLIS = 0.1;
    private static final double GROWTH = 1.1;
    private static final int STEPS = 146;

    private volatile AtomicLongArray former = new AtomicLongArray(STEPS);
    private volatile AtomicLongArray current = new AtomicLongArray(STEPS);
    private volatile long total;
    private long since = Long.MIN_VALUE;

    /**
     * One probe.
     *
     * @param now monotonic nanoseconds
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    public void add(long nanos, long now) {
        if (since == Long.MIN_VALUE) {
            since = now;
        }
        if (now - since > PERIOD) {
            since = now;
            former = current;
            current = new AtomicLongArray(STEPS);
        }
        double millis = nanos / 1e6;
        int step = millis <= FIRST_MILLIS
                ? 0
                : (int) Math.min(STEPS - 1L, Math.ceil(Math.log(millis / FIRST_MILLIS) / Math.log(GROWTH)));
        current.incrementAndGet(step);
        total++;
    }

    /** Probes since the start. */
    public long total() {
        return total;
    }

    /**
     * The lateness that a share of the probes did not exceed, in milliseconds, up to a tenth too much.
     *
     * @param share 0 to 1
     */
    public double quantile(double share) {
        AtomicLongArray now = current;
        AtomicLongArray before = former;
        long all = 0;
        for (int step = 0; step < STEPS; step++) {
            all += now.get(step) + before.get(step);
        }
        long wanted = (long) Math.ceil(all * share);
        long seen = 0;
        for (int step = 0; step < STEPS; step++) {
            seen += now.get(step) + before.get(step);
            if (seen >= wanted && seen > 0) {
                return FIRST_MILLIS * Math.pow(GROWTH, step);
            }
        }
        return 0;
    }
}
