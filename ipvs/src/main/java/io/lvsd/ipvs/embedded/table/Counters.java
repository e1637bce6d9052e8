package io.lvsd.ipvs.embedded.table;

import io.lvsd.ipvs.model.IpvsStats;
import java.util.concurrent.atomic.LongAdder;

/** Counters and rates of a service or destination. Counting is thread-safe; rates are computed by the housekeeping thread. */
public final class Counters {
    /** As in the kernel's estimator: every two seconds, a quarter of the difference is added. */
    public static final int PERIOD_SECONDS = 2;

    private static final double SMOOTHING = 0.25;

    private final LongAdder[] totals = {
        new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder()
    };
    private final long[] before = new long[totals.length];
    private final double[] rates = new double[totals.length];

    public void connection() {
        totals[0].increment();
    }

    public void packets(long in, long out) {
        totals[1].add(in);
        totals[2].add(out);
    }

    public void bytesIn(long bytes) {
        totals[3].add(bytes);
    }

    public void bytesOut(long bytes) {
        totals[4].add(bytes);
    }

    /** Every {@link #PERIOD_SECONDS}. */
    public synchronized void estimate() {
        for (int i = 0; i < totals.length; i++) {
            long now = totals[i].sum();
            double rate = (double) Math.max(0, now - before[i]) / PERIOD_SECONDS;
            rates[i] += (rate - rates[i]) * SMOOTHING;
            before[i] = now;
        }
    }

    public synchronized void zero() {
        for (int i = 0; i < totals.length; i++) {
            totals[i].reset();
            before[i] = 0;
            rates[i] = 0;
        }
    }

    public synchronized IpvsStats stats() {
        return new IpvsStats(
                totals[0].sum(),
                totals[1].sum(),
                totals[2].sum(),
                totals[3].sum(),
                totals[4].sum(),
                Math.round(rates[0]),
                Math.round(rates[1]),
                Math.round(rates[2]),
                Math.round(rates[3]),
                Math.round(rates[4]));
    }
}
