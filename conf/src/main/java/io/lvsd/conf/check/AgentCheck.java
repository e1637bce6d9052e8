package io.lvsd.conf.check;

import io.lvsd.conf.value.ProbeAddress;

/**
 * The server's agent says what weight it wants: the text protocol of HAProxy's agent-check. A silent agent counts for
 * nothing.
 *
 * @param send what is sent first; empty string for nothing
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
