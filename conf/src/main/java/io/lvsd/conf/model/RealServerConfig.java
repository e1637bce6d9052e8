package io.lvsd.conf.model;

import io.lvsd.conf.Origin;
import java.util.List;

/**
 * A configured backend.
 *
 * @param weight 0 to 2147483647
 * @param upperThreshold 0 is off
 * @param lowerThreshold 0 is off
 * @param inhibitOnFailure weight 0 instead of removal
 * @param proxyProtocol whether the embedded driver tells it who the client is
 * @param checks none: permanently alive
 */
public record RealServerConfig(
        RsId id,
        long weight,
        Forwarding forwarding,
        long upperThreshold,
        long lowerThreshold,
        boolean inhibitOnFailure,
        boolean proxyProtocol,
        List<CheckConfig> checks,
        Origin origin) {
    public RealServerConfig {
        checks = List.copyOf(checks);
    }
}
