package io.lvsd.lab.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lvsd.lab.bench.report.Row.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RowTest {
    private static Sample sample(Double... values) {
        return Sample.of(List.of(values));
    }

    private static Row row(Target target, Map<String, Sample> samples) {
        return new Row(target, 1_000, "s", samples);
    }

    private static Verdict verdict(Target target, Sample lvsd, Sample peer) {
        return row(target, Map.of("lvsd", lvsd, "keepalived", peer)).verdict();
    }

    @Test
    void aSampleHasMedianAndSpread() {
        assertEquals(new Sample(3, 1, 9, 3), sample(9.0, 1.0, 3.0));
        assertEquals(new Sample(2.5, 1, 9, 4), sample(9.0, 1.0, 3.0, 2.0));
        assertEquals(new Sample(7, 7, 7, 1), sample(7.0));
        assertEquals("3 (1…9)", sample(9.0, 1.0, 3.0).text());
        assertEquals("7", sample(7.0).text());
        assertThrows(IllegalArgumentException.class, () -> Sample.of(List.of()));
    }

    @Test
    void theRatioIsThatOfTheMedians() {
        Row row = row(Target.figure("x", "keepalived"), Map.of("lvsd", sample(1.0), "keepalived", sample(2.0, 4.0)));
        assertEquals(Optional.of(1 / 3.0), row.ratio());
        assertEquals(Optional.empty(), row.ratioToBefore());
        assertEquals(Verdict.NONE, row.verdict());
    }

    @Test
    void theBetterOfSeveralPeersCounts() {
        Map<String, Sample> samples = Map.of("lvsd", sample(1.0), "a", sample(2.0), "b", sample(4.0));
        assertEquals(
                Optional.of(0.5),
                row(Target.ratioAtMost("x", 1, "a", "b"), samples).ratio());
        assertEquals(
                Optional.of(0.25),
                row(Target.ratioAtLeast("x", 1, "a", "b"), samples).ratio());
        assertEquals(
                Optional.of(0.5),
                row(Target.ratioAtMost("x", 1, "a", "missing"), samples).ratio());
    }

    @Test
    void aRatioIsComparedWithItsLimit() {
        Target target = Target.ratioAtMost("x", 0.5, "keepalived");
        assertEquals(Verdict.MET, verdict(target, sample(1.0, 1.1), sample(2.2, 2.3)));
        assertEquals(Verdict.MISSED, verdict(target, sample(1.0, 1.3), sample(2.0, 2.2)));
        Target more = Target.ratioAtLeast("x", 2, "keepalived");
        assertEquals(Verdict.MET, verdict(more, sample(5.0), sample(2.0)));
        assertEquals(Verdict.MISSED, verdict(more, sample(3.0), sample(2.0)));
    }

    @Test
    void aRatioWithinTheSpreadCountsAsOne() {
        Sample lvsd = sample(1.0, 1.2, 3.0);
        Sample peer = sample(2.9, 3.0, 4.0);
        assertEquals(Verdict.EQUAL_MISSED, verdict(Target.ratioAtMost("x", 0.5, "keepalived"), lvsd, peer));
        assertEquals(Verdict.EQUAL_MET, verdict(Target.ratioAtMost("x", 1, "keepalived"), lvsd, peer));
        assertEquals(Verdict.EQUAL_MET, verdict(Target.ratioAtLeast("x", 0.7, "keepalived"), peer, lvsd));
    }

    @Test
    void aLimitOfTheValueMayGrowWithTheSize() {
        Target target = Target.valueAtMost("x", 10, 0.001);
        assertEquals(Verdict.MET, row(target, Map.of("lvsd", sample(11.0))).verdict());
        assertEquals(Verdict.MISSED, row(target, Map.of("lvsd", sample(11.1))).verdict());
        assertEquals("≤ 11", target.text(1_000));
        assertEquals("≤ ×0.2", Target.ratioAtMost("x", 0.2, "a").text(1));
        assertEquals("≥ ×20", Target.ratioAtLeast("x", 20, "a").text(1));
        assertEquals("", Target.figure("x").text(1));
    }

    @Test
    void nothingToCompareIsNoVerdict() {
        Target target = Target.ratioAtMost("x", 1, "keepalived");
        assertEquals(Verdict.NONE, row(target, Map.of("lvsd", sample(1.0))).verdict());
        assertEquals(
                Verdict.NONE, row(target, Map.of("keepalived", sample(1.0))).verdict());
        assertEquals(
                Verdict.NONE,
                row(target, Map.of("lvsd", sample(1.0), "keepalived", sample(-1.0, 0.0, 0.0)))
                        .verdict());
    }
}
