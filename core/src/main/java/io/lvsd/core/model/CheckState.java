package io.lvsd.core.model;

import io.lvsd.checkers.health.AgentWeight;
import io.lvsd.checkers.health.HealthPolicy;
import io.lvsd.checkers.health.HealthState;
import io.lvsd.checkers.probe.AgentReply;
import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.model.CheckConfig;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One check: its configuration, its health, and the result of its last probe.
 *
 * @param keys the probes of an active check, by url; empty for a passive one
 * @param agentReply what the last passed probe reported about the weight; a failure clears it
 * @param agentWeight the combined reports of the server's agent
 * @param certificateEnds end of validity of the last certificate that the server presented
 */
public record CheckState(
        CheckId id,
        CheckConfig config,
        List<ProbeKey> keys,
        HealthState health,
        Optional<ProbeResult> last,
        Optional<AgentReply> agentReply,
        AgentWeight agentWeight,
        Optional<Instant> certificateEnds) {
    public static CheckState of(CheckId id, CheckConfig config, HealthState health) {
        return new CheckState(
                id,
                config,
                ProbeKey.all(config.spec()),
                health,
                Optional.empty(),
                Optional.empty(),
                AgentWeight.FULL,
                Optional.empty());
    }

    /** With the last result, which does not change the health. */
    public CheckState with(ProbeResult result) {
        return new CheckState(id, config, keys, health, Optional.of(result), agentReply, agentWeight, certificateEnds);
    }

    /** With the combined reports of the server's agent. */
    public CheckState with(AgentWeight weight) {
        return new CheckState(id, config, keys, health, last, agentReply, weight, certificateEnds);
    }

    /** The same health under a configuration that differs in timing at most. */
    public CheckState withConfig(CheckConfig newConfig) {
        return new CheckState(
                id, newConfig, ProbeKey.all(newConfig.spec()), health, last, agentReply, agentWeight, certificateEnds);
    }

    /** After a probe result. Returns this object if nothing has changed. */
    public CheckState after(HealthState newHealth, ProbeResult result, Optional<Instant> certificate) {
        Optional<AgentReply> newReply = agentReply;
        AgentWeight newWeight = agentWeight;
        switch (result) {
            case ProbeResult.Passed(var reply) -> {
                newReply = reply;
                newWeight = reply.isPresent() && config.smoothing().isPresent()
                        ? agentWeight.after(reply.get(), config.smoothing().get())
                        : agentWeight;
            }
            case ProbeResult.Failed _ -> newReply = Optional.empty();
            case ProbeResult.Inconclusive _ -> {}
        }
        Optional<Instant> newCertificate = certificate.isPresent() ? certificate : certificateEnds;
        boolean same = newHealth.equals(health)
                && last.filter(result::equals).isPresent()
                && newReply.equals(agentReply)
                && newWeight.equals(agentWeight)
                && newCertificate.equals(certificateEnds);
        return same
                ? this
                : new CheckState(id, config, keys, newHealth, Optional.of(result), newReply, newWeight, newCertificate);
    }

    /** Whether the check is up and the server's agent does not take the server out. */
    public boolean up() {
        return health.up() && !agentWeight.isOut();
    }

    /** The result that changes nothing but the time of the next probe: the last one, if it was a pass and the check is up. */
    public Optional<ProbeResult> routine() {
        return up() && last.orElse(null) instanceof ProbeResult.Passed ? last : Optional.empty();
    }

    /** What an agent reply adds to a configured weight. */
    long adds(long configured) {
        long adds = 0;
        if (agentReply.isPresent() && config.smoothing().isEmpty()) {
            AgentReply reply = agentReply.get();
            adds = reply.weightChange().orElse(0);
            if (reply.weight().isPresent()) {
                adds += reply.weight().getAsLong() - configured;
            }
        }
        return adds;
    }

    /** Whether this is an active check; a passive one reports by itself. */
    public boolean isProbed() {
        return !keys.isEmpty();
    }

    /** The next probe; empty for a passive check. */
    public Optional<ProbeKey> probeKey() {
        return keys.isEmpty() ? Optional.empty() : Optional.of(keys.get(HealthPolicy.nextUrl(config, health)));
    }
}
