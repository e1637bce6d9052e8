package io.lvsd.lab.bench.report;

import java.util.List;

/** The values of all rounds of one subject: median, and the spread from the lowest to the highest. */
record Sample(double median, double lowest, double highest, int rounds) {
    static Sample of(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(d -> d).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Sample(median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    boolean overlaps(Sample other) {
        return lowest <= other.highest && other.lowest <= highest;
    }

    String text() {
        return rounds == 1
                ? Numbers.text(median)
                : Numbers.text(median) + " (" + Numbers.text(lowest) + "…" + Numbers.text(highest) + ")";
    }
}
