package io.lvsd.conf.model;

import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.ProbePath;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A configured backend.
 *
 * @param weight 0 to 2147483647
 * @param upperThreshold 0 is off
 * @param lowerThreshold 0 is off
 * @param inhibitOnFailure weight 0 instead of removal
 * @param proxyProtocol whether the embedded driver sends it the client's address
 * @param slowStart time in which its weight rises after it recovered; zero is off
 * @param notices of its state
 * @param path of its probes; empty: straight to it
 * @param checks none: always up
 */
public record RealServerConfig(
        RsId id,
        long weight,
        Forwarding forwarding,
        long upperThreshold,
        long lowerThreshold,
        boolean inhibitOnFailure,
        boolean proxyProtocol,
        Duration slowStart,
        NotifyScripts notices,
        Optional<ProbePath> path,
        List<CheckConfig> checks) {
    public RealServerConfig {
        checks = List.copyOf(checks);
    }

    /** The same with another weight. */
    public RealServerConfig withWeight(long other) {
        return new RealServerConfig(
                id,
                other,
                forwarding,
                upperThreshold,
                lowerThreshold,
                inhibitOnFailure,
                proxyProtocol,
                slowStart,
                notices,
                path,
                checks);
    }
}
