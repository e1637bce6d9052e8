package io.lvsd.core.engine;

import static io.lvsd.core.engine.World.rs;
import static io.lvsd.core.engine.World.vs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.model.RsOverride;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What operators say about real servers, slow start, panic, and what a reload may take out: stories on a manual clock. */
final class OverrideTest {
    private static final ServiceKey KEY =
            new ServiceKey.AddressKey(Protocol.TCP, Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, 1}), 80);
    private static final String A = "10.0.0.11:80";
    private static final String B = "10.0.0.12:80";
    private static final String C = "10.0.0.13:80";

    private static DestinationKey dest(int last) {
        return new DestinationKey(Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, (byte) last}), 80);
    }

    private static String table(String destinations) {
        return "{10.0.0.1:80/tcp={" + destinations + "}}";
    }

    private static final String TWO = vs("", rs(A, ""), rs(B, ""));

    // ---- drain, disable, enable, weight

    @Test
    void aDrainedServerKeepsItsConnectionsAndLeavesWhenItHasNone() {
        World world = new World().start(TWO);
        world.kernel.connect(KEY, dest(11), 3);
        world.operator(A, o -> o.drained(Optional.empty()));
        assertEquals(table("10.0.0.11:80=0, 10.0.0.12:80=1"), world.table());
        world.pass(Duration.ofHours(2));
        assertEquals(table("10.0.0.11:80=0, 10.0.0.12:80=1"), world.table(), "however long they last");
        world.kernel.connect(KEY, dest(11), 0);
        world.pass(Duration.ofSeconds(4));
        assertEquals(table("10.0.0.12:80=1"), world.table());
        world.passes(A);
        assertEquals(table("10.0.0.12:80=1"), world.table(), "a probe lifts no order");
        world.operator(A, RsOverride::enabled);
        assertEquals(table("10.0.0.11:80=1, 10.0.0.12:80=1"), world.table());
    }

    @Test
    void aDrainEndsAtItsDeadlineWhichASecondOneMoves() {
        World world = new World().start(TWO);
        world.kernel.connect(KEY, dest(11), 3);
        world.operator(A, o -> o.drained(Optional.of(Duration.ofMinutes(10))));
        world.pass(Duration.ofMinutes(5));
        assertEquals(table("10.0.0.11:80=0, 10.0.0.12:80=1"), world.table());
        world.operator(A, o -> o.drained(Optional.of(Duration.ofMinutes(6))));
        world.pass(Duration.ofSeconds(62));
        assertEquals(table("10.0.0.12:80=1"), world.table());
    }

    @Test
    void aDisabledServerLeavesAtOnce() {
        World world = new World().start(vs("inhibit_on_failure", rs(A, ""), rs(B, "")));
        world.kernel.connect(KEY, dest(11), 3);
        world.operator(A, RsOverride::disabled);
        assertEquals(table("10.0.0.12:80=1"), world.table());
        world.fails(A);
        assertEquals(table("10.0.0.12:80=1"), world.table());
        world.operator(A, RsOverride::enabled);
        assertEquals(table("10.0.0.11:80=0, 10.0.0.12:80=1"), world.table(), "it is dead meanwhile");
        world.passes(A);
        assertEquals(table("10.0.0.11:80=1, 10.0.0.12:80=1"), world.table());
    }

    @Test
    void anOperatorsWeightHoldsOverReloadAndRestartUntilItIsTakenBack() {
        World world = new World().start(TWO);
        world.operator(A, o -> o.withWeight(Optional.of(7L)));
        assertEquals(table("10.0.0.11:80=7, 10.0.0.12:80=1"), world.table());
        world.reload(vs("", rs(A, "weight 3"), rs(B, "")));
        assertEquals(table("10.0.0.11:80=7, 10.0.0.12:80=1"), world.table());
        World again = world.startAgain(true).start(vs("", rs(A, "weight 3"), rs(B, "")));
        assertEquals(table("10.0.0.11:80=7, 10.0.0.12:80=1"), again.table());
        again.operator(A, o -> o.withWeight(Optional.empty()));
        assertEquals(table("10.0.0.11:80=3, 10.0.0.12:80=1"), again.table());
        assertEquals(Map.of(), again.overrides);
    }

    @Test
    void whatAnOperatorSaidOfAServerIsForgottenWithTheServer() {
        World world = new World().start(TWO);
        world.operator(A, RsOverride::disabled);
        assertEquals(1, world.overrides.size());
        world.reload(vs("", rs(B, "")));
        assertEquals(Map.of(), world.overrides);
        world.reload(TWO);
        assertEquals(table("10.0.0.11:80=1, 10.0.0.12:80=1"), world.table());

        world.operator(A, RsOverride::disabled);
        World again = world.startAgain(true).start(vs("", rs(B, "")));
        assertEquals(Map.of(), again.overrides, "also if it left between two lives");
    }

    @Test
    void aDisabledServerCountsForNoQuorum() {
        World world = new World().start(vs("quorum 2\n sorry_server 10.0.0.99 80", rs(A, ""), rs(B, "")));
        world.operator(A, RsOverride::disabled);
        assertEquals(table("10.0.0.12:80=0, 10.0.0.99:80=1"), world.table());
        world.operator(A, RsOverride::enabled);
        world.pass(Duration.ofSeconds(40));
        assertEquals(table("10.0.0.11:80=1, 10.0.0.12:80=1"), world.table());
    }

    // ---- slow start

    @Test
    void aReturnedServersWeightGrows() {
        World world = new World().start(vs("slow_start 10", rs(A, "weight 100"), rs(B, "weight 100")));
        assertEquals(table("10.0.0.11:80=100, 10.0.0.12:80=100"), world.table(), "a start is no return");
        world.passes(A);
        world.fails(A);
        world.passes(A);
        assertEquals(1, world.weight(KEY, dest(11)));
        world.pass(Duration.ofSeconds(5));
        long half = world.weight(KEY, dest(11));
        assertTrue(half >= 47 && half <= 53, () -> "half of it after half of the time, not " + half);
        world.pass(Duration.ofSeconds(6));
        assertEquals(100, world.weight(KEY, dest(11)));
        assertTrue(world.state.timed().isEmpty());
    }

    @Test
    void nobodyStartsSlowlyIntoAnEmptyPool() {
        World world = new World().start(vs("slow_start 10", rs(A, "weight 100"), rs(B, "weight 100")));
        world.passes(A);
        world.fails(A);
        world.fails(B);
        world.passes(A);
        assertEquals(100, world.weight(KEY, dest(11)));
    }

    @Test
    void aSlowStartGoesOnOverAReloadAndEndsWithTheServersDeath() {
        String config = vs("slow_start 100", rs(A, "weight 100"), rs(B, "weight 100"));
        World world = new World().start(config);
        world.passes(A);
        world.fails(A);
        world.passes(A);
        world.pass(Duration.ofSeconds(50));
        world.reload(config.replace("lvs_sched rr", "lvs_sched wrr"));
        long half = world.weight(KEY, dest(11));
        assertTrue(half >= 45 && half <= 55, () -> "" + half);
        world.fails(A);
        world.passes(A);
        assertEquals(1, world.weight(KEY, dest(11)));
    }

    // ---- panic

    @Test
    void theDeadStayInWhileTooFewLive() {
        World world = new World().start(vs("panic_threshold 50", rs(A, ""), rs(B, ""), rs(C, "")));
        world.passes(A);
        world.fails(B);
        assertEquals(table("10.0.0.11:80=1, 10.0.0.13:80=1"), world.table(), "two of three are not below 50 %");
        world.fails(C);
        assertEquals(table("10.0.0.11:80=1, 10.0.0.12:80=1, 10.0.0.13:80=1"), world.table());
        assertTrue(world.hasEvent("panic.on"));
        world.operator(B, RsOverride::disabled);
        world.pass(Duration.ofSeconds(4));
        assertEquals(table("10.0.0.11:80=1"), world.table(), "one of two: no panic");
        world.fails(A);
        assertEquals(table("10.0.0.11:80=1, 10.0.0.13:80=1"), world.table(), "and never for whom an operator took out");
        world.passes(A);
        world.passes(C);
        assertEquals(table("10.0.0.11:80=1, 10.0.0.13:80=1"), world.table());
        assertFalse(world.state.servers().values().iterator().next().panics());
    }

    @Test
    void theSorryServerComesBeforePanic() {
        World world = new World()
                .start(vs("panic_threshold 50\n sorry_server 10.0.0.99 80", rs(A, ""), rs(B, ""), rs(C, "")));
        world.passes(A);
        world.fails(B);
        world.fails(C);
        assertEquals(table("10.0.0.11:80=1, 10.0.0.12:80=1, 10.0.0.13:80=1"), world.table());
        world.fails(A);
        assertEquals(table("10.0.0.99:80=1"), world.table());
    }

    @Test
    void whoWasNeverProbedIsNoReasonToPanic() {
        World world = new World().start(vs("panic_threshold 50\n alpha", rs(A, ""), rs(B, "")));
        assertEquals(table(""), world.table());
        world.fails(A);
        assertEquals(table("10.0.0.11:80=1"), world.table(), "all that are known are dead");
        world.passes(B);
        assertEquals(table("10.0.0.12:80=1"), world.table());
    }

    // ---- reload_guard

    private static String guarded(String share, String servers) {
        return "lvsd {\n reload_guard " + share + "\n}\n" + servers;
    }

    private static ReloadDryRun dryRun(World world, String next) {
        return ReloadDryRun.of(world.state, world.kernel.read().services(), World.config(next), world.now());
    }

    @Test
    void aReloadThatTakesOutMoreThanItsShareIsRefused() {
        World world = new World().start(vs("", rs(A, ""), rs(B, ""), rs(C, "")));
        assertEquals(
                "", dryRun(world, guarded("34", vs("", rs(A, ""), rs(B, "")))).refusal());
        assertEquals(
                "1 of 3 real servers would be removed, more than reload_guard allows (33 %)",
                dryRun(world, guarded("33", vs("", rs(A, ""), rs(B, "")))).refusal());
        assertEquals(
                "2 of 3 real servers would be removed, more than reload_guard allows (50 %)",
                dryRun(world, guarded("50", vs("", rs(A, ""), rs(B, "weight 0"))))
                        .refusal(),
                "weight 0 takes out as well");
        assertEquals("", dryRun(world, vs("", rs(A, ""))).refusal(), "keepalived's syntax has no share by itself");
    }

    @Test
    void eachVirtualServerThatStaysIsJudgedByItself() {
        String other = vs("", rs(A, ""), rs(B, ""), rs(C, "")).replace("10.0.0.1 80", "10.0.0.2 80");
        World world = new World().start(vs("", rs(A, ""), rs(B, "")) + other);
        assertEquals(
                "2 of 2 real servers of 10.0.0.1:80/tcp would be removed, more than reload_guard allows (50 %)",
                dryRun(world, guarded("50", vs("", rs(C, "")) + other)).refusal());
        assertEquals("", dryRun(world, guarded("50", other)).refusal(), "one that goes counts in the total only");
    }

    @Test
    void aFileThatLostEveryVirtualServerIsRefusedInAnySyntax() {
        World world = new World().start(TWO);
        assertEquals(
                "the configuration no longer has a virtual server",
                dryRun(world, "global_defs {\n}\n").refusal());
    }

    @Test
    void aStartOnATableOfOursIsJudgedLikeAReload() {
        World world = new World().start(vs("", rs(A, ""), rs(B, ""), rs(C, "")));
        World next = world.startAgain(true);
        ReloadDryRun dryRun = ReloadDryRun.refused(next.started(guarded("50", vs("", rs(A, "")))), next.now())
                .orElseThrow();
        assertEquals("2 of 3 real servers would be removed, more than reload_guard allows (50 %)", dryRun.refusal());
        assertEquals(2, dryRun.plan().commands().size());
        assertEquals(
                Optional.empty(), ReloadDryRun.refused(next.started(guarded("70", vs("", rs(A, "")))), next.now()));
    }

    /** A daemon may be started while its file is being written, and is empty. */
    @Test
    void aStartWithoutVirtualServersOnATableOfOursIsRefused() {
        World world = new World().start(TWO);
        World next = world.startAgain(true);
        ReloadDryRun dryRun = ReloadDryRun.refused(next.started(""), next.now()).orElseThrow();
        assertEquals("the configuration no longer has a virtual server", dryRun.refusal());
        assertEquals(2, dryRun.removed());
        next.owned.clear();
        assertEquals(
                Optional.empty(), ReloadDryRun.refused(next.started(""), next.now()), "the table of another program");
    }

    @Test
    void aStartOnAnEmptyTableIsNeverRefused() {
        World world = new World();
        assertEquals(Optional.empty(), ReloadDryRun.refused(world.started(""), world.now()));
        assertEquals(
                Optional.empty(), ReloadDryRun.refused(world.started(guarded("0", vs("", rs(A, "")))), world.now()));
    }
}
