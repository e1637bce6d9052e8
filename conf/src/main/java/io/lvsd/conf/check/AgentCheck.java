package io.lvsd.conf.check;

import io.lvsd.conf.value.ProbeAddress;

/**
 * An agent on the server reports a weight by the text protocol of HAProxy's agent-check. A missing reply has no effect.
 *
 * @param send text to send first; empty: none
 */
public record AgentCheck(ProbeAddress target, String send) implements CheckSpec.Remote {
    @Override
    public String kind() {
        return "agent";
    }

    @Override
    public AgentCheck withTarget(ProbeAddress other) {
        return new AgentCheck(other, send);
    }
}
