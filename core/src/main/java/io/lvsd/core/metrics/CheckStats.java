package io.lvsd.core.metrics;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts of single checks: failed probes, and durations if that is configured. Written by the engine thread, read by any. A
 * check without a failed probe has no entry unless durations are counted, so that most probes need no access.
 */
final class CheckStats {
    /** Upper bounds of the buckets of probe durations, in seconds. */
    static final List<Double> BOUNDS =
            List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0);

    private static final double SECOND = 1e9;
    private static final long[] BOUND_NANOS =
            BOUNDS.stream().mapToLong(b -> Math.round(b * SECOND)).toArray();

    private final Map<CheckId, Counts> checks = new ConcurrentHashMap<>();
    private volatile boolean durations;

    /** The counts of one check. */
    static final class Counts {
        private static final int FAILURES = 0;
        private static final int SUM = 1;
        private static final int FIRST_BUCKET = 2;
        private static final Counts NONE = new Counts(false);

        private final AtomicLongArray numbers;

        private Counts(boolean durations) {
            numbers = new AtomicLongArray(durations ? FIRST_BUCKET + BOUND_NANOS.length + 1 : 1);
        }

        private boolean hasDurations() {
            return numbers.length() > FIRST_BUCKET;
        }

        private void add(int index, long amount) {
            // One thread writes.
            numbers.setRelease(index, numbers.getPlain(index) + amount);
        }

        private void duration(long nanos) {
            int bucket = 0;
            while (bucket < BOUND_NANOS.length && nanos > BOUND_NANOS[bucket]) {
                bucket++;
            }
            add(SUM, nanos);
            add(FIRST_BUCKET + bucket, 1);
        }

        long failures() {
            return numbers.getAcquire(FAILURES);
        }

        /** Total duration in seconds; not a number if durations are not counted. */
        double seconds() {
            return hasDurations() ? numbers.getAcquire(SUM) / SECOND : Double.NaN;
        }

        /**
         * Probes up to a bound; not a number if durations are not counted.
         *
         * @param bound index in {@link #BOUNDS}; their number: all probes
         */
        double upTo(int bound) {
            if (!hasDurations()) {
                return Double.NaN;
            }
            long total = 0;
            for (int i = 0; i <= bound; i++) {
                total += numbers.getAcquire(FIRST_BUCKET + i);
            }
            return total;
        }
    }

    /** Whether durations are counted from now on. Those that were counted before are dropped when this is set to false. */
    void countDurations(boolean on) {
        durations = on;
    }

    /** A probe ended. Engine thread. */
    void finished(CheckId check, ProbeReport report) {
        boolean failed = report.result() instanceof ProbeResult.Failed;
        if (failed || durations) {
            Counts counts = counts(check);
            if (failed) {
                counts.add(Counts.FAILURES, 1);
            }
            if (durations && counts.hasDurations()) {
                counts.duration(report.duration().toNanos());
            }
        }
    }

    private Counts counts(CheckId check) {
        @Nullable Counts known = checks.get(check);
        if (known == null || known.hasDurations() != durations) {
            Counts fresh = new Counts(durations);
            fresh.add(Counts.FAILURES, known == null ? 0 : known.failures());
            checks.put(check, fresh);
            return fresh;
        }
        return known;
    }

    /** The check is gone. Engine thread. */
    void removed(CheckId check) {
        checks.remove(check);
    }

    /** The counts of a check; zeros if it has none. */
    Counts of(CheckId check) {
        return checks.getOrDefault(check, Counts.NONE);
    }
}
