package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.core.engine.StateChanges.Change;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.VsState;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A restart with trusted results: states keep their time and their reason, and the log has the cause of what is down. */
final class RestartTest {
    private static final String A = "10.0.0.11:80";
    private static final String B = "10.0.0.12:80";
    private static final String CONFIG = World.vs(
            "sorry_server 10.0.0.99 80",
            World.rs(A, "HTTP_GET {\n url {\n path /\n }\n }"),
            World.rs(B, "weight_from {\n agent 9707\n }"));

    private final World first = new World().start(CONFIG);

    private static Duration age(World world, @Nullable Change change) {
        return Duration.ofNanos(world.now() - Objects.requireNonNull(change).at());
    }

    private static VsState vs(World world) {
        return world.state.servers().values().iterator().next();
    }

    private static Duration age(World world, String rs) {
        VsState vs = vs(world);
        return vs.realServers().stream()
                .map(r -> r.config().id())
                .filter(id -> id.toString().equals(rs))
                .map(id -> world.state
                        .changes()
                        .realServers()
                        .get(new RsRef(vs.config().id(), id)))
                .map(c -> age(world, c))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> log(World world) {
        return world.events.stream().map(DaemonEvent::toString).toList();
    }

    /** A: its TCP_CHECK is down for 60 s, its HTTP_GET for 20 s. B: its agent took it out 10 s ago. */
    private World bothDown() {
        first.passes(A);
        first.passes(B);
        first.pass(Duration.ofSeconds(40));
        for (int i = 0; i < 2; i++) {
            first.report(first.checks(A).getFirst(), failure(Reason.CONNECT_REFUSED));
        }
        first.pass(Duration.ofSeconds(40));
        for (int i = 0; i < 4; i++) {
            first.report(first.checks(A).get(1), failure(Reason.STATUS));
        }
        first.pass(Duration.ofSeconds(10));
        first.agent(B, "down");
        first.pass(Duration.ofSeconds(10));
        return first.startAgain(true).start(CONFIG);
    }

    private static ProbeResult failure(Reason reason) {
        return new ProbeResult.Failed(reason, "");
    }

    @Test
    void whatIsDownIsReportedWithItsReasonBeforeTheQuorum() {
        assertEquals(
                List.of(
                        "event=rs.down vs=10.0.0.1:80/tcp rs=10.0.0.11:80 check=TCP_CHECK from=stored"
                                + " reason=connect_refused down_for=60s",
                        "event=check.down vs=10.0.0.1:80/tcp rs=10.0.0.11:80 check=HTTP_GET from=stored"
                                + " reason=status down_for=20s",
                        "event=rs.down vs=10.0.0.1:80/tcp rs=10.0.0.12:80 check=agent from=stored"
                                + " reason=agent_down down_for=10s",
                        "event=vs.down vs=10.0.0.1:80/tcp from=stored live=0 needed=1 quorum=1 hysteresis=0"
                                + " sorry=10.0.0.99:80",
                        "event=sorry.on vs=10.0.0.1:80/tcp service=10.0.0.1:80/tcp sorry=10.0.0.99:80"
                                + " programmed=10.0.0.99:80",
                        "event=daemon.started virtual_servers=1 adopted=1"),
                log(bothDown()));
    }

    @Test
    void statesKeepTheirTimeAcrossRestarts() {
        World second = bothDown();
        second.pass(Duration.ofSeconds(5));
        World third = second.startAgain(true).start(CONFIG);
        assertEquals(Duration.ofSeconds(65), age(third, A));
        assertEquals(Duration.ofSeconds(15), age(third, B));
        assertEquals(
                Duration.ofSeconds(15),
                age(
                        third,
                        third.state
                                .changes()
                                .virtualServers()
                                .get(vs(third).config().id())));
        List<Duration> checks = third.checks(A).stream()
                .map(c -> age(third, third.state.changes().checks().get(c)))
                .toList();
        assertEquals(List.of(Duration.ofSeconds(65), Duration.ofSeconds(25)), checks);
    }

    @Test
    void theLengthOfTheOutageIncludesTheTimeBeforeTheRestart() {
        World second = bothDown();
        second.pass(Duration.ofSeconds(5));
        second.events.clear();
        second.agent(B, "75%");
        assertEquals(List.of(), log(second), "the agent has not reported the server as up");
        second.agent(B, "up");
        assertEquals(
                List.of(
                        "event=rs.up vs=10.0.0.1:80/tcp rs=10.0.0.12:80 check=agent down_for=15s table=added",
                        "event=vs.up vs=10.0.0.1:80/tcp live=1 needed=1 quorum=1 hysteresis=0 down_for=15s",
                        "event=sorry.off vs=10.0.0.1:80/tcp service=10.0.0.1:80/tcp sorry=10.0.0.99:80"
                                + " programmed=10.0.0.99:80 active_for=15s"),
                log(second).subList(0, 3));
    }

    @Test
    void withoutTrustedResultsTheTimeBeginsAnew() {
        bothDown();
        World second = first.startAgain(false).start(CONFIG);
        assertEquals(Duration.ZERO, age(second, A));
        assertEquals(Duration.ZERO, age(second, B));
    }
}
