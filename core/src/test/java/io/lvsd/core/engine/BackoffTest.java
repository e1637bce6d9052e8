package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.ipvs.IpvsCommand;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands that fail again and again: how often they are tried, what the log says, and what they do not delay. */
final class BackoffTest {
    private static String vs(String address, String... servers) {
        return "virtual_server " + address + " 80 {\n protocol TCP\n lvs_sched rr\n lvs_method NAT\n"
                + String.join("", servers) + "}\n";
    }

    private static String rs(String address) {
        return " real_server " + address + " 80 {\n  TCP_CHECK {\n   retry 0\n  }\n }\n";
    }

    private static final String BOTH =
            vs("10.0.0.1", rs("10.0.0.11"), rs("10.0.0.12")) + vs("10.0.0.2", rs("10.0.0.21"), rs("10.0.0.22"));

    private static List<String> events(World world, String prefix) {
        return world.events.stream()
                .map(DaemonEvent::name)
                .filter(n -> n.startsWith(prefix))
                .toList();
    }

    private static boolean isFirst(IpvsCommand command) {
        return command.toString().startsWith("NEW_SERVICE 10.0.0.1:80");
    }

    private static World refusing() {
        World world = new World();
        world.kernel.refuse(BackoffTest::isFirst);
        return world.start(BOTH);
    }

    @Test
    void delaysDoubleUpToHalfAMinute() {
        assertEquals(
                List.of(0L, 1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L),
                List.of(1, 2, 3, 4, 5, 6, 7, 8, 1_000_000).stream()
                        .map(n -> Duration.ofNanos(Backoff.delay(n)).toSeconds())
                        .toList());
    }

    @Test
    void aServiceThatIsRefusedIsLoggedOnceAndTriedLessAndLessOften() {
        World world = refusing();
        world.kernel.forget();
        world.pass(Duration.ofMinutes(2));
        assertEquals(List.of("ipvs.failed"), events(world, "ipvs."), world.events::toString);
        long attempts =
                world.kernel.seen().stream().filter(BackoffTest::isFirst).count();
        assertTrue(attempts >= 5 && attempts <= 10, attempts + " attempts in 120 s");
        world.kernel.refuse(_ -> false);
        world.pass(Duration.ofSeconds(33));
        assertTrue(world.table().contains("10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1}"), world.table());
        assertEquals(List.of("ipvs.failed", "ipvs.recovered"), events(world, "ipvs."));
        String end = world.events.getLast().toString();
        assertTrue(end.matches("event=ipvs.recovered .* count=\\d+ for=1[2-5]\\ds"), end);
        assertTrue(world.state.table().failures().active().isEmpty());
    }

    @Test
    void otherServicesAreNotDelayedByOneThatIsRefused() {
        World world = refusing();
        world.pass(Duration.ofMinutes(1));
        world.fails("10.0.0.21:80");
        assertEquals("{10.0.0.2:80/tcp={10.0.0.22:80=1}}", world.table());
    }

    @Test
    void aChangeIsTriedAtOnce() {
        World world = new World();
        world.start(vs("10.0.0.1", rs("10.0.0.11")));
        world.kernel.refuse(c -> c.toString().contains("10.0.0.12"));
        world.reload(vs("10.0.0.1", rs("10.0.0.11"), rs("10.0.0.12"), rs("10.0.0.13")));
        world.pass(Duration.ofMinutes(1));
        world.fails("10.0.0.11:80");
        assertEquals("{10.0.0.1:80/tcp={10.0.0.13:80=1}}", world.table());
    }

    @Test
    void whatIsNoLongerWantedNoLongerFails() {
        World world = new World();
        world.kernel.refuse(c -> c.toString().contains("10.0.0.12"));
        world.start(vs("10.0.0.1", rs("10.0.0.11"), rs("10.0.0.12")));
        world.pass(Duration.ofSeconds(10));
        assertEquals(List.of("ipvs.failed"), events(world, "ipvs."));
        world.reload(vs("10.0.0.1", rs("10.0.0.11")));
        world.pass(Duration.ofSeconds(5));
        assertEquals(List.of("ipvs.failed", "ipvs.recovered"), events(world, "ipvs."));
        assertTrue(world.state.table().failures().active().isEmpty());
    }

    @Test
    void aSorryServerThatIsNoLongerConfiguredNoLongerFails() {
        World world = new World();
        world.sorryFailure = "port 18080 is held by process 1";
        String sorry = vs("10.0.0.1", " sorry_server 127.0.0.1 80\n", rs("10.0.0.11"));
        world.start(sorry + vs("10.0.0.2", rs("10.0.0.21")));
        world.fails("10.0.0.11:80");
        world.reload(vs("10.0.0.2", rs("10.0.0.21")));
        assertEquals(List.of("sorry.failed", "sorry.recovered"), events(world, "sorry."));
        assertTrue(world.state.table().failures().active().isEmpty());
    }

    @Test
    void theKernelThatCannotBeReadIsReportedOnceAndItsReturnWithACount() {
        World world = new World().start(BOTH);
        for (int i = 0; i < 5; i++) {
            world.send(new Event.KernelFailed("ENOBUFS"));
        }
        world.pass(Duration.ofSeconds(3));
        assertEquals(List.of("kernel.failed", "kernel.recovered"), events(world, "kernel."));
        assertTrue(
                world.events.toString().contains("event=kernel.recovered subject=kernel count=5"),
                world.events::toString);
    }
}
