package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A reload that replaces healthy real servers by new ones which have not passed a check yet. */
final class RetentionTest {
    private static final String A = "10.0.0.11:80";
    private static final String B = "10.0.0.12:80";
    private static final String C = "10.0.0.13:80";
    private static final String SORRY = "sorry_server 10.0.0.99 80";

    private static String rs(String address) {
        return " real_server " + address.replace(":", " ") + " {\n  TCP_CHECK {\n   retry 0\n  }\n }\n";
    }

    private static String alpha(String address) {
        return rs(address).replace("retry 0", "retry 0\n   alpha");
    }

    private static String vs(String lines, String... servers) {
        return "global_defs {\n lvs_notify_fifo /run/lvsd-test.fifo\n}\nvirtual_server 10.0.0.1 80 {\n protocol TCP\n"
                + " lvs_sched rr\n lvs_method NAT\n " + lines + "\n" + String.join("", servers) + "}\n";
    }

    private static List<String> lines(World world) {
        List<String> lines = world.delivered.stream()
                .map(d -> d instanceof Notification.Line(var text) ? text : "")
                .map(l -> l.replace("[10.0.0.", "").replace("]:tcp:80", ""))
                .toList();
        world.delivered.clear();
        return lines;
    }

    private static World replaced(String lines) {
        World world = new World().start(vs(lines, rs(A), rs(B)));
        world.passes(A);
        world.fails(B);
        lines(world);
        world.reload(vs(lines, alpha(C)));
        return world;
    }

    @Test
    void aHealthyServerStaysInServiceUntilItsReplacementHasPassed() {
        World world = replaced(SORRY);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1}}", world.table());
        assertEquals(List.of(), lines(world), "neither server nor quorum has changed");
        assertTrue(world.hasEvent("rs.retained"));
        world.pass(Duration.ofSeconds(20));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1}}", world.table());
        world.passes(C);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=0, 10.0.0.13:80=1}}", world.table());
        assertEquals(List.of("RS 13 1 UP", "RS 11 1 DOWN"), lines(world));
        world.pass(Duration.ofSeconds(4));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.13:80=1}}", world.table());
        assertEquals(List.of(), world.checks(A));
        assertTrue(world.state.timed().isEmpty());
    }

    @Test
    void itIsRemovedAtTheDeadlineIfNoReplacementHasPassed() {
        World world = replaced(SORRY);
        world.fails(C);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1}}", world.table(), "a new server may still be starting");
        lines(world);
        world.pass(Duration.ofSeconds(31));
        assertEquals(List.of("RS 11 1 DOWN", "VS 1 DOWN"), lines(world));
        world.pass(Duration.ofSeconds(5));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.99:80=1}}", world.table());
    }

    @Test
    void itIsRemovedAtOnceWhenItFails() {
        World world = replaced(SORRY);
        world.fails(A);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.99:80=1}}", world.table());
        assertEquals(List.of("RS 11 1 DOWN", "VS 1 DOWN"), lines(world));
        world.passes(C);
        assertEquals(List.of("RS 13 1 UP", "VS 1 UP"), lines(world), "the failed server is not reported again");
    }

    @Test
    void everyHealthyServerStaysUntilTheQuorumIsReached() {
        World world = new World().start(vs("quorum 2", rs(A), rs(B)));
        world.passes(A);
        world.passes(B);
        world.reload(vs("quorum 2", alpha(C), alpha("10.0.0.14:80")));
        world.passes(C);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1, 10.0.0.13:80=1}}", world.table());
        world.passes("10.0.0.14:80");
        world.pass(Duration.ofSeconds(4));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.13:80=1, 10.0.0.14:80=1}}", world.table());
    }

    @Test
    void itStaysOverFurtherReloadsUntilTheFirstDeadline() {
        World world = replaced("");
        world.pass(Duration.ofSeconds(20));
        world.reload(vs("delay_loop 7", alpha(C)));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1}}", world.table());
        world.pass(Duration.ofSeconds(11));
        world.pass(Duration.ofSeconds(4));
        assertEquals("{10.0.0.1:80/tcp={}}", world.table());
    }

    @Test
    void oneThatIsConfiguredAgainIsAnOrdinaryServer() {
        World world = replaced("");
        world.reload(vs("", rs(A), alpha(C)));
        world.pass(Duration.ofMinutes(1));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1}}", world.table());
    }

    @Test
    void withoutAReplacementOrWithoutGraceItIsRemovedByTheReload() {
        World none = new World().start(vs("", rs(A), rs(B)));
        none.passes(A);
        none.fails(B);
        none.reload(vs("", rs(B)));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=0}}", none.table());

        String noGrace = "lvsd {\n removal_grace 0\n}\n";
        World strict = new World().start(noGrace + vs(SORRY, rs(A)));
        strict.passes(A);
        strict.reload(noGrace + vs(SORRY, alpha(C)));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.99:80=1}}", strict.table());
    }

    @Test
    void theReloadGuardCountsServersThatAreOnlyRetained() {
        World world = new World().start("lvsd {\n reload_guard 50\n}\n" + vs("", rs(A), rs(B)));
        ReloadDryRun dryRun = ReloadDryRun.of(
                world.state,
                world.kernel.read().services(),
                World.config("lvsd {\n reload_guard 50\n}\n" + vs("", alpha(C))),
                world.now());
        assertEquals(2, dryRun.removed());
        assertTrue(dryRun.refusal().startsWith("2 of 2 real servers would be removed"), dryRun.refusal());
    }
}
