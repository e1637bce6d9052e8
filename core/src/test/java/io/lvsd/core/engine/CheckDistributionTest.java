package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.schedule.ProbeScheduler;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The times of many checks that start together: the engine's delays in a scheduler, with probes that take no time. */
final class CheckDistributionTest {
    private static final Duration INTERVAL = Duration.ofSeconds(60);
    private static final int REAL_SERVERS = 3_000;
    private static final int PARTS = 12;
    private static final Duration STEP = Duration.ofMillis(20);

    private final ProbeScheduler scheduler = new ProbeScheduler();
    private final World world = new World();

    CheckDistributionTest() {
        world.observer = effect -> {
            if (effect instanceof Effect.FirstProbe(var id, var key, var host, var warmup)) {
                scheduler.planFirst(id, key, host, world.now(), warmup);
            } else if (effect instanceof Effect.NextProbe(var id, var key, var since, var delay, var routine)) {
                scheduler.plan(id, key, since, delay, routine);
            }
        };
    }

    private static String configuration(String timing) {
        StringBuilder text =
                new StringBuilder("virtual_server 10.0.0.1 80 {\n protocol TCP\n lvs_sched rr\n lvs_method NAT\n"
                        + " delay_loop 60\n" + timing);
        for (int i = 0; i < REAL_SERVERS; i++) {
            text.append(" real_server 10.1.").append(i / 250).append('.').append(i % 250 + 1);
            text.append(" 80 {\n  TCP_CHECK {\n   retry 0\n  }\n }\n");
        }
        return text.append("}\n").toString();
    }

    /** Runs the checks that are due for some time, and counts them by part of the interval. */
    private int[] run(Duration time, ProbeResult result) {
        int[] counts = new int[PARTS];
        long start = world.now();
        while (world.now() - start < time.toNanos()) {
            int part = (int) ((world.now() - start) % INTERVAL.toNanos() * PARTS / INTERVAL.toNanos());
            for (ProbeScheduler.Run run : scheduler.due(world.now())) {
                for (CheckId check : run.checks()) {
                    counts[part]++;
                    world.report(check, result);
                }
            }
            world.pass(STEP);
        }
        return counts;
    }

    private static void assertEven(int[] counts) {
        assertEquals(REAL_SERVERS, Arrays.stream(counts).sum());
        int mean = REAL_SERVERS / PARTS;
        assertTrue(
                Arrays.stream(counts).allMatch(c -> c > mean * 3 / 4 && c < mean * 5 / 4),
                () -> Arrays.toString(counts));
    }

    @Test
    void checksThatStartTogetherFillTheWholeInterval() {
        world.start(configuration(""));
        int[] first = run(INTERVAL, ProbeResult.Passed.plain());
        assertTrue(first[0] >= REAL_SERVERS, () -> "all start at once: " + Arrays.toString(first));
        assertEven(run(INTERVAL, ProbeResult.Passed.plain()));
        assertEven(run(INTERVAL, ProbeResult.Passed.plain()));
    }

    /** Servers that return together, for example after a failure of their network, were distributed before. */
    @Test
    void checksThatFailTogetherStayDistributed() {
        world.start(configuration(""));
        run(INTERVAL.multipliedBy(2), ProbeResult.Passed.plain());
        assertEven(run(INTERVAL, new ProbeResult.Failed(Reason.CONNECT_TIMEOUT, "")));
        assertEven(run(INTERVAL, ProbeResult.Passed.plain()));
    }

    /** The first checks of a virtual server whose warmup is its interval are distributed too. */
    @Test
    void warmupDistributesTheFirstChecks() {
        world.start(configuration(" warmup 60\n"));
        int[] first = run(INTERVAL, ProbeResult.Passed.plain());
        assertTrue(first[0] < REAL_SERVERS / 4, () -> Arrays.toString(first));
        run(INTERVAL.multipliedBy(2), ProbeResult.Passed.plain());
        assertEven(run(INTERVAL, ProbeResult.Passed.plain()));
    }
}
