package io.lvsd.conf.model;

import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.ProbePath;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A configured backend.
 *
 * @param name in KEEPALIVED-MIB
 * @param snmpIndex row number within its virtual server in KEEPALIVED-MIB and within each of its services in LVS-MIB, 1 to 65535;
 *     empty: the next free one
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
        Optional<String> name,
        OptionalInt snmpIndex,
        long weight,
        Forwarding forwarding,
        long upperThreshold,
        long lowerThreshold,
        boolean inhibitOnFailure,
        boolean proxyProtocol,
        Duration slowStart,
        NotifyScripts notices,
        Optional<ProbePath> path,
        CheckDefaults checkDefaults,
        List<CheckConfig> checks) {
    public RealServerConfig {
        checks = List.copyOf(checks);
    }

    /** The same with another weight. */
    public RealServerConfig withWeight(long other) {
        return with(snmpIndex, other);
    }

    /** The same without a row number in SNMP. */
    public RealServerConfig withoutSnmpIndex() {
        return with(OptionalInt.empty(), weight);
    }

    private RealServerConfig with(OptionalInt index, long other) {
        return new RealServerConfig(
                id,
                name,
                index,
                other,
                forwarding,
                upperThreshold,
                lowerThreshold,
                inhibitOnFailure,
                proxyProtocol,
                slowStart,
                notices,
                path,
                checkDefaults,
                checks);
    }
}
