package io.lvsd.checkers.protocol;

import io.lvsd.checkers.probe.AgentReply;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import java.util.Optional;

/** One line of an agent, as HAProxy's agent-check takes it. An agent that says nothing counts for nothing. */
public final class AgentExchange extends LineExchange {
    private final String send;

    public AgentExchange(String send) {
        this.send = send;
    }

    @Override
    public byte[] opening() {
        return ascii(send.replace("\\n", "\n").replace("\\r", "\r"));
    }

    @Override
    Move line(String line) {
        Optional<AgentReply> wish = AgentReply.parse(line);
        return new Move.End(
                wish.isPresent() ? new Passed(wish) : new Inconclusive("the agent says: " + shortened(line)),
                new byte[0]);
    }

    /** Agents that close instead of ending their line are many. */
    @Override
    public Move closed() {
        return unfinished().isBlank()
                ? new Move.End(new Inconclusive("the agent says nothing"), new byte[0])
                : line(unfinished());
    }
}
