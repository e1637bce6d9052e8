package io.lvsd.checkers.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.AgentReply;
import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.check.MiscCheck;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.Timing;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Times are nanoseconds of a clock that the test moves. */
final class ProbeSchedulerTest {
    private static final InetAddress HOST = IpAddresses.ofBytes(new byte[] {10, 0, 0, 1});
    private static final Duration TEN = Duration.ofSeconds(10);
    private static final long SECOND = 1_000_000_000L;
    private static final Optional<ProbeResult> NONE = Optional.empty();
    private final ProbeScheduler scheduler = new ProbeScheduler();

    private static ProbeKey key(int port) {
        return ProbeKey.of(
                new TcpCheck(new ProbeAddress(HOST, port, Optional.empty(), 0, "", 0, Duration.ofSeconds(1))));
    }

    private static CheckId check(String vs, int port) {
        TcpCheck spec = (TcpCheck) key(port).spec();
        Timing timing = new Timing(TEN, 1, Duration.ofSeconds(1), Optional.empty());
        return CheckId.of(new VsId(vs), new RsId(HOST, port), new CheckConfig(spec, timing, false, false));
    }

    private List<CheckId> due(long now) {
        return scheduler.due(now).stream().flatMap(r -> r.checks().stream()).toList();
    }

    @Test
    void probesComeOutWhenTheyAreDueAndInOrder() {
        scheduler.plan(check("a", 2), key(2), 0, Duration.ofSeconds(2), NONE);
        scheduler.plan(check("a", 1), key(1), 0, Duration.ofSeconds(1), NONE);
        assertEquals(List.of(), due(SECOND - 1));
        assertEquals(List.of(check("a", 1), check("a", 2)), due(2 * SECOND));
        assertEquals(List.of(), due(9 * SECOND));
    }

    @Test
    void delaysThatBeganWithinATickEndTogether() {
        long millisecond = 1_000_000;
        for (int i = 1; i <= 30; i++) {
            scheduler.plan(check("a", i), key(i), i * millisecond, Duration.ofSeconds(8), NONE);
        }
        assertEquals(List.of(), due(8 * SECOND + 39 * millisecond));
        assertEquals(30, due(8 * SECOND + 40 * millisecond).size());
    }

    /** A pause of the process makes many probes start at once; they must not do so for ever. */
    @Test
    void probesThatStartTogetherAreSpreadOverTheNextTicks() {
        int checks = 100;
        Map<CheckId, ProbeKey> keys = new HashMap<>();
        for (int port = 1; port <= checks; port++) {
            keys.put(check("a", port), key(port));
        }
        keys.forEach((check, key) -> scheduler.plan(check, key, 0, Duration.ofSeconds(1), NONE));
        List<Integer> groups = new ArrayList<>();
        long millisecond = 1_000_000;
        for (long now = SECOND; now < 20 * SECOND; now += millisecond) {
            List<CheckId> due = due(now);
            for (CheckId check : due) {
                scheduler.plan(check, Objects.requireNonNull(keys.get(check)), now, Duration.ofSeconds(1), NONE);
            }
            if (now > 19 * SECOND && !due.isEmpty()) {
                groups.add(due.size());
            }
        }
        assertTrue(groups.stream().allMatch(size -> size <= 8), groups::toString);
        assertTrue(groups.stream().mapToInt(size -> size).sum() >= checks - 8, groups::toString);
    }

    @Test
    void aDelayIsLengthenedByAFiftiethAtMost() {
        for (int port = 1; port <= 1_000; port++) {
            long at = scheduler.plan(check("a", port), key(port), 0, Duration.ofSeconds(1), NONE);
            assertTrue(at >= SECOND && at <= SECOND + SECOND / 50, port + " is due at " + at);
        }
    }

    @Test
    void planningAgainMovesAProbe() {
        scheduler.plan(check("a", 1), key(1), 0, Duration.ofSeconds(1), NONE);
        scheduler.plan(check("a", 1), key(1), 0, Duration.ofSeconds(5), NONE);
        assertEquals(List.of(), due(2 * SECOND));
        assertEquals(List.of(check("a", 1)), due(5 * SECOND));
    }

    @Test
    void aCancelledProbeNeverComesOut() {
        scheduler.plan(check("a", 1), key(1), 0, Duration.ofSeconds(1), NONE);
        scheduler.cancel(check("a", 1));
        assertEquals(List.of(), due(2 * SECOND));
    }

    @Test
    void firstProbesOfOneHostFollowEachOtherAndWarmupDelaysThem() {
        for (int port = 1; port <= 3; port++) {
            scheduler.planFirst(check("a", port), key(port), Optional.of(HOST), 0, Duration.ZERO);
        }
        scheduler.planFirst(check("a", 4), key(4), Optional.of(HOST), 0, Duration.ofSeconds(7));
        assertEquals(1, due(0).size());
        assertEquals(1, due(20_000_000).size());
        assertEquals(1, due(40_000_000).size());
        assertEquals(0, due(7 * SECOND).size());
        assertEquals(1, due(7 * SECOND + 60_000_000).size());
    }

    @Test
    void hostsAreForgottenAfterTheirFirstProbes() {
        for (int port = 1; port <= 3; port++) {
            scheduler.planFirst(check("a", port), key(port), Optional.of(HOST), 0, Duration.ZERO);
        }
        assertEquals(2, due(39_000_000).size());
        assertEquals(1, scheduler.hosts());
        assertEquals(1, due(60_000_000).size());
        assertEquals(0, scheduler.hosts());
    }

    @Test
    void manyHostsStartAtNoMoreThanFiveThousandASecond() {
        for (int i = 0; i < 10_000; i++) {
            InetAddress host = IpAddresses.ofBytes(new byte[] {10, 1, (byte) (i >> 8), (byte) i});
            scheduler.planFirst(check("a", i + 1), key(i + 1), Optional.of(host), 0, Duration.ZERO);
        }
        assertEquals(5_001, due(SECOND).size());
        assertEquals(4_999, due(2 * SECOND).size());
    }

    /** Four virtual servers share ten real servers, and their checks begin at different times. */
    @Test
    void checksThatAskTheSameAreDrawnTogetherUntilOneProbeServesThemAll() {
        Map<CheckId, ProbeKey> keys = new HashMap<>();
        for (int port = 1; port <= 10; port++) {
            for (String vs : List.of("a", "b", "c", "d")) {
                CheckId check = check(vs, port);
                keys.put(check, key(port));
                long start = Math.floorMod(check.hashCode(), 10 * SECOND);
                scheduler.plan(check, key(port), start - 10 * SECOND, TEN, NONE);
            }
        }
        Map<CheckId, Long> last = new HashMap<>();
        List<Integer> sizes = new ArrayList<>();
        for (long now = 0; now < 120 * SECOND; now += 10_000_000) {
            for (ProbeScheduler.Run run : scheduler.due(now)) {
                for (CheckId check : run.checks()) {
                    Long before = last.put(check, now);
                    long period = before == null ? 10 * SECOND : now - before;
                    assertTrue(period >= 5 * SECOND && period <= 10 * SECOND + 40_000_000, check + " after " + period);
                    scheduler.plan(check, Objects.requireNonNull(keys.get(check)), now, TEN, NONE);
                }
                if (now > 100 * SECOND) {
                    sizes.add(run.checks().size());
                }
            }
        }
        assertEquals(Set.of(4), new HashSet<>(sizes));
    }

    @Test
    void cancelledChecksLeaveTheOthersTogether() {
        List<String> servers = List.of("a", "b", "c", "d", "e");
        for (String cancelled : servers) {
            ProbeScheduler some = new ProbeScheduler();
            servers.forEach(vs -> some.plan(check(vs, 1), key(1), 0, TEN, NONE));
            some.cancel(check(cancelled, 1));
            // One that is planned later joins the others.
            some.plan(check("f", 1), key(1), SECOND, TEN, NONE);
            List<ProbeScheduler.Run> runs = some.due(10 * SECOND);
            assertEquals(1, runs.size());
            assertEquals(5, runs.getFirst().checks().size());
            some.plan(check("a", 1), key(1), 10 * SECOND, TEN, NONE);
            assertEquals(List.of(), some.due(20 * SECOND - 1));
            assertEquals(1, some.due(20 * SECOND).size());
        }
    }

    @Test
    void aResultIsRoutineIfItChangesNoneOfTheChecksThatShareTheProbe() {
        Optional<ProbeResult> passed = Optional.of(ProbeResult.Passed.plain());
        Optional<ProbeResult> weighted = Optional.of(new ProbeResult.Passed(Optional.of(AgentReply.weight(3))));
        assertEquals(passed, routine(List.of(passed)));
        assertEquals(passed, routine(List.of(passed, passed, passed)));
        assertEquals(NONE, routine(List.of(passed, NONE, passed)));
        assertEquals(NONE, routine(List.of(NONE, passed)));
        assertEquals(NONE, routine(List.of(passed, weighted)));
    }

    /** Of checks of virtual servers that share a probe. */
    private static Optional<ProbeResult> routine(List<Optional<ProbeResult>> ofChecks) {
        ProbeScheduler some = new ProbeScheduler();
        for (int i = 0; i < ofChecks.size(); i++) {
            some.plan(check("vs" + i, 1), key(1), 0, TEN, ofChecks.get(i));
        }
        List<ProbeScheduler.Run> runs = some.due(10 * SECOND);
        assertEquals(1, runs.size());
        assertEquals(ofChecks.size(), runs.getFirst().checks().size());
        return runs.getFirst().routine();
    }

    @Test
    void aScriptIsRunForEachCheck() {
        ProbeKey program = ProbeKey.of(new MiscCheck(List.of("/x"), TEN, false, Optional.empty()));
        scheduler.plan(check("a", 1), program, 0, TEN, NONE);
        scheduler.plan(check("b", 1), program, 0, TEN, NONE);
        assertEquals(2, scheduler.due(10 * SECOND).size());
    }

    @Test
    void afterAPauseOverdueProbesAreSpreadOverTheirPeriod() {
        for (int port = 1; port <= 1_000; port++) {
            scheduler.plan(check("a", port), key(port), 0, TEN, NONE);
        }
        Map<CheckId, Long> moved = new HashMap<>();
        scheduler.spread(30 * SECOND, moved::put);
        assertEquals(1_000, moved.size());
        assertTrue(moved.values().stream().allMatch(at -> at >= 30 * SECOND && at <= 40 * SECOND));
        int most = 0;
        int all = 0;
        for (long now = 30 * SECOND; now <= 40 * SECOND; now += SECOND / 10) {
            int some = due(now).size();
            all += some;
            most = Math.max(most, some);
        }
        assertEquals(1_000, all);
        assertTrue(most < 40, "at once: " + most);
    }
}
