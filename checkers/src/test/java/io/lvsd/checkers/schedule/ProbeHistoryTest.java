package io.lvsd.checkers.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbePhases;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IpAddresses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of the last probes of a check. */
final class ProbeHistoryTest {
    private static final CheckId CHECK = new CheckId(
            new VsId("a"), new RsId(IpAddresses.ofBytes(new byte[] {10, 0, 0, 1}), 80), "TCP_CHECK", "0123", 0);
    private static final ProbeResult PASSED = ProbeResult.Passed.plain();
    private static final ProbeResult FAILED = new ProbeResult.Failed(ProbeResult.Reason.STATUS, "status 503");

    private final ProbeHistory history = new ProbeHistory();

    private static ProbePhases connected(long connect) {
        return new ProbePhases(connect, ProbePhases.NONE, ProbePhases.NONE, ProbePhases.NONE, 0);
    }

    private static ProbeHistory.Entry entry(int i, ProbePhases phases, ProbeResult result) {
        return new ProbeHistory.Entry(i, Duration.ofMillis(10), phases, result);
    }

    private void finished(ProbeHistory.Entry entry) {
        history.finished(
                CHECK,
                new ProbeReport(entry.result(), entry.duration(), Optional.empty(), entry.phases()),
                entry.endedAt());
    }

    /** In every order of probes that have more or less to remember, as each may need another array. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void theLastTwentyProbesAreKept(long seed) {
        Random random = new Random(seed);
        // Most checks have the same result and the same phases for a long time.
        int changes = 1 + random.nextInt(10);
        List<ProbeHistory.Entry> expected = new ArrayList<>();
        boolean fails = random.nextBoolean();
        boolean detailed = random.nextBoolean();
        for (int i = 0; i < 70; i++) {
            fails ^= random.nextInt(changes) == 0;
            detailed ^= random.nextInt(changes) == 0;
            ProbePhases phases = detailed
                    ? new ProbePhases(1_000_000, 2_000_000, 3_000_000, 4_000_000, 200 + random.nextInt(300))
                    : connected(1_000L * random.nextInt(1_000));
            ProbeHistory.Entry entry = entry(i, phases, fails ? FAILED : PASSED);
            finished(entry);
            expected.addFirst(entry);
            if (expected.size() > ProbeHistory.LENGTH) {
                expected.removeLast();
            }
            assertEquals(expected, history.of(CHECK));
            assertEquals(Optional.of(entry), history.last(CHECK));
        }
    }

    @Test
    void theNextProbeIsKnownWhileItIsPlanned() {
        assertEquals(OptionalLong.empty(), history.next(CHECK));
        history.planned(CHECK, 0);
        assertEquals(OptionalLong.of(0), history.next(CHECK));
        history.planned(CHECK, -5);
        assertEquals(OptionalLong.of(-5), history.next(CHECK));
        history.suspended(CHECK);
        assertEquals(OptionalLong.empty(), history.next(CHECK));
        assertEquals(List.of(), history.of(CHECK));
    }
}
