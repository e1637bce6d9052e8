package io.lvsd.lab.bench.report;

import io.lvsd.bench.Recorder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One case at one size: what each subject needed. */
record Row(Target target, long size, String unit, Map<String, Sample> samples) {
    private static final String BEFORE = "before";

    Row {
        samples = new TreeMap<>(samples);
    }

    enum Verdict {
        MET("met"),
        MISSED("missed"),
        /** The spreads overlap, so that the ratio counts as 1. */
        EQUAL_MET("equal within the spread, met"),
        EQUAL_MISSED("equal within the spread, missed"),
        /** No target, or nothing to compare with. */
        NONE("");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    Optional<Sample> sample(String subject) {
        return Optional.ofNullable(samples.get(subject));
    }

    Optional<Sample> lvsd() {
        return sample(Recorder.LVSD);
    }

    Optional<Sample> before() {
        return sample(BEFORE);
    }

    /** The peer with the best median. */
    Optional<String> bestPeer() {
        return target.peers().stream().filter(samples::containsKey).reduce((a, b) -> isBetter(a, b) ? a : b);
    }

    private Optional<Sample> peer() {
        return bestPeer().flatMap(this::sample);
    }

    private boolean isBetter(String a, String b) {
        double difference =
                sample(a).orElseThrow().median() - sample(b).orElseThrow().median();
        return target.isMoreBetter() ? difference >= 0 : difference <= 0;
    }

    boolean isEqualToPeer() {
        return lvsd().flatMap(l -> peer().map(l::overlaps)).orElse(false);
    }

    boolean isEqualToBefore() {
        return lvsd().flatMap(l -> before().map(l::overlaps)).orElse(false);
    }

    /** lvsd divided by the best peer. */
    Optional<Double> ratio() {
        return lvsd().flatMap(l -> peer().map(p -> l.median() / p.median())).filter(Double::isFinite);
    }

    /** lvsd divided by the older build. */
    Optional<Double> ratioToBefore() {
        return lvsd().flatMap(l -> before().map(b -> l.median() / b.median())).filter(Double::isFinite);
    }

    Verdict verdict() {
        if (target.limit(size).isEmpty() || lvsd().isEmpty()) {
            return Verdict.NONE;
        }
        double limit = target.limit(size).getAsDouble();
        if (target.peers().isEmpty()) {
            return isWithin(lvsd().get().median(), limit) ? Verdict.MET : Verdict.MISSED;
        }
        if (ratio().isEmpty()) {
            return Verdict.NONE;
        }
        if (isEqualToPeer()) {
            return isWithin(1, limit) ? Verdict.EQUAL_MET : Verdict.EQUAL_MISSED;
        }
        return isWithin(ratio().get(), limit) ? Verdict.MET : Verdict.MISSED;
    }

    private boolean isWithin(double value, double limit) {
        return target.isMoreBetter() ? value >= limit : value <= limit;
    }
}
