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
 * One check: its configuration, its verdict, and what the last probe said.
 *
 * @param keys what its probes ask, by url; none if nobody asks
 * @param wish what the last pass said about the server's weight; a failure takes it back
 * @param share what the server has said about its weight, taken together
 * @param certificateEnds of the certificate that the server showed last
 */
public record CheckState(
        CheckId id,
        CheckConfig config,
        List<ProbeKey> keys,
        HealthState health,
        Optional<ProbeResult> last,
        Optional<AgentReply> wish,
        AgentWeight share,
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

    /** The same verdict under a configuration that differs in timing at most. */
    public CheckState withConfig(CheckConfig newConfig) {
        return new CheckState(
                id, newConfig, ProbeKey.all(newConfig.spec()), health, last, wish, share, certificateEnds);
    }

    /** After an outcome that led to a verdict. This itself, if nothing has changed. */
    public CheckState after(HealthState newHealth, ProbeResult outcome, Optional<Instant> certificate) {
        Optional<AgentReply> newWish = wish;
        AgentWeight newShare = share;
        switch (outcome) {
            case ProbeResult.Passed(var said) -> {
                newWish = said;
                newShare = said.isPresent() && config.smoothing().isPresent()
                        ? share.after(said.get(), config.smoothing().get())
                        : share;
            }
            case ProbeResult.Failed _ -> newWish = Optional.empty();
            case ProbeResult.Inconclusive _ -> {}
        }
        Optional<Instant> newCertificate = certificate.isPresent() ? certificate : certificateEnds;
        boolean same = newHealth.equals(health)
                && last.filter(outcome::equals).isPresent()
                && newWish.equals(wish)
                && newShare.equals(share)
                && newCertificate.equals(certificateEnds);
        return same
                ? this
                : new CheckState(id, config, keys, newHealth, Optional.of(outcome), newWish, newShare, newCertificate);
    }

    /** Whether the server may be used as far as this check goes. */
    public boolean up() {
        return health.up() && !share.out();
    }

    /** What it adds to a configured weight. */
    long adds(long configured) {
        long adds = 0;
        if (wish.isPresent() && config.smoothing().isEmpty()) {
            AgentReply said = wish.get();
            adds = said.adds().orElse(0);
            if (said.weight().isPresent()) {
                adds += said.weight().getAsLong() - configured;
            }
        }
        return adds;
    }

    /** Whether it is asked again and again; else it speaks up by itself. */
    public boolean isProbed() {
        return !keys.isEmpty();
    }

    /** What the next probe sends; empty for a check that nobody asks. */
    public Optional<ProbeKey> probeKey() {
        return keys.isEmpty() ? Optional.empty() : Optional.of(keys.get(HealthPolicy.nextUrl(config, health)));
    }
}
