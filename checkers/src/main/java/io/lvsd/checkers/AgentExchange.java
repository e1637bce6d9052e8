package io.lvsd.checkers;

import io.lvsd.checkers.ProbeOutcome.Inconclusive;
import io.lvsd.checkers.ProbeOutcome.Passed;
import java.util.Optional;

/** One line of an agent, as HAProxy's agent-check takes it. An agent that says nothing counts for nothing. */
final class AgentExchange extends LineExchange {
    private final String send;

    AgentExchange(String send) {
        this.send = send;
    }

    @Override
    public byte[] opening() {
        return ascii(send.replace("\\n", "\n").replace("\\r", "\r"));
    }

    @Override
    Move line(String line) {
        Optional<Wish> wish = Wish.parse(line);
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
