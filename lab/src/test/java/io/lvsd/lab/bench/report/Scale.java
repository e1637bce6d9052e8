package io.lvsd.lab.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Positions of values along an axis of a plot, linear from zero or logarithmic. */
record Scale(double from, double to, boolean logarithmic, double start, double end) {
    /** Values that differ by more than this are shown logarithmically. */
    private static final double WIDE = 30;

    private static final int TICKS = 5;
    private static final double[] STEPS = {1, 2, 5, 10};

    /** A scale from zero, or a logarithmic one for values above zero that differ much. */
    static Scale of(double lowest, double highest, double start, double end) {
        return lowest > 0 && highest / lowest > WIDE
                ? logarithmic(lowest, highest, start, end)
                : new Scale(0, highest > 0 ? highest * 1.05 : 1, false, start, end);
    }

    static Scale logarithmic(double lowest, double highest, double start, double end) {
        double margin = 1.15;
        return new Scale(lowest / margin, highest * margin, true, start, end);
    }

    double position(double value) {
        double share = logarithmic ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
        return start + share * (end - start);
    }

    /** Round values between the ends. */
    List<Double> ticks() {
        return logarithmic ? logarithmicTicks() : linearTicks();
    }

    private List<Double> linearTicks() {
        double rough = (to - from) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power * STEPS[STEPS.length - 1];
        for (int i = STEPS.length - 1; i >= 0; i--) {
            if (power * STEPS[i] >= rough) {
                step = power * STEPS[i];
            }
        }
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; from + i * step <= to; i++) {
            ticks.add(from + i * step);
        }
        return ticks;
    }

    private List<Double> logarithmicTicks() {
        List<Double> ticks = new ArrayList<>();
        boolean few = to / from < 1_000;
        for (int power = (int) Math.floor(Math.log10(from)); Math.pow(10, power) <= to; power++) {
            for (double step : few ? new double[] {1, 2, 5} : new double[] {1}) {
                double tick = step * Math.pow(10, power);
                if (tick >= from && tick <= to) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }
}
