package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.schedule.ProbeHistory;
import io.lvsd.core.engine.StateChanges.Change;
import io.lvsd.core.model.VsState;
import io.lvsd.core.view.ExplanationText;
import io.lvsd.core.view.Explanations;
import io.lvsd.core.view.MonitoringPlugin;
import io.lvsd.core.view.StatusInput;
import io.lvsd.core.view.StatusInputs;
import io.lvsd.core.view.StatusReport;
import io.lvsd.core.view.StatusReports;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that its agent takes out of service: every report has the state, its time and its reason. */
final class AgentOutageTest {
    private static final String A = "10.0.0.11:80";
    private static final String B = "10.0.0.12:80";
    private static final String AGENT = "weight_from {\n agent 9707\n }";

    private final World world = new World().start(World.vs("", World.rs(A, AGENT), World.rs(B, "weight 2")));

    private StatusInput input() {
        return StatusInputs.at(world.state, new ProbeHistory(), world.now());
    }

    private CheckId agent() {
        return world.checks(A).stream()
                .filter(c -> c.kind().equals("agent"))
                .findFirst()
                .orElseThrow();
    }

    private void upThenOut(String reply) {
        world.passes(A);
        world.passes(B);
        world.pass(Duration.ofSeconds(60));
        world.agent(A, reply);
        world.pass(Duration.ofSeconds(7));
    }

    @Test
    void theStateOfTheCheckIsCountedFromTheReply() {
        upThenOut("down");
        Change down = Objects.requireNonNull(world.state.changes().checks().get(agent()));
        assertEquals(new Change(world.now() - Duration.ofSeconds(7).toNanos(), 0, 1), down);
        world.agent(A, "up");
        assertEquals(
                new Change(world.now(), 1, 1), world.state.changes().checks().get(agent()));
        StatusReport.Check check = StatusReports.of(input())
                .virtualServers()
                .getFirst()
                .realServers()
                .getFirst()
                .checks()
                .get(1);
        assertEquals("agent up 2", check.kind() + " " + check.state() + " " + check.changes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "down       | reply down  | marked up after the agent's reply 'up'",
                "stopped    | reply down  | marked up after the agent's reply 'up'",
                "maint      | reply maint | marked up after the agent's reply 'ready' or 'drain'",
                "maint,down | reply down  | marked up after the agent's reply 'up ready'"
            })
    void reportsHaveTheReplyAndWhatEndsTheOutage(String reply, String reason, String rule) {
        upThenOut(reply);
        VsState vs = world.state.servers().values().iterator().next();
        String text = ExplanationText.text(
                Explanations.of(input(), vs, Optional.of(vs.realServers().getFirst())), false, ZoneOffset.UTC);
        assertTrue(text.contains("not in service: down: agent (" + reason + ")\n"), text);
        assertTrue(text.contains(" (7s), changed 1 time\n    last result: " + reason + "\n    " + rule + "\n"), text);
        String plugin = MonitoringPlugin.of(
                        StatusReports.of(input()).virtualServers().getFirst())
                .text();
        assertTrue(plugin.contains(A + " of 10.0.0.1:80/tcp is down: agent " + reason + " |"), plugin);
    }
}
