package io.lvsd.conf.model;

import io.lvsd.conf.value.IpFamily;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.conf.value.SorryMode;
import io.lvsd.conf.value.TransportProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What clients reach, with its defaults resolved.
 *
 * @param name by which an operator may call it; empty: only by its identity
 * @param snmpIndex row number in KEEPALIVED-MIB, and of its service in LVS-MIB if it has one target only, 1 to 65535; empty: the next
 *     free one
 * @param targets one, or the members of a group
 * @param family of its targets; if they have both, that of the persistence granularity
 * @param protocol empty for a firewall mark alone
 * @param schedulerFlags bits of flag-1, flag-2, flag-3: 0x08, 0x10, 0x20
 * @param onePacket one-packet scheduling
 * @param quorum 1 or more
 * @param hysteresis less than {@code quorum}
 * @param removalGrace how long a healthy server that leaves may finish its connections
 * @param panicThreshold percentage of live servers below which dead ones stay in; 0 is off
 * @param notices of its quorum
 * @param omega whether a stop runs the notifications of a total loss
 * @param haSuspend whether it is checked only while one of its addresses is this host's
 * @param viaVip whether probes travel the path of user traffic where they can
 * @param sorryPort port on which the built-in page or relay listens
 * @param sorryPage what the built-in page sends
 * @param sorryMode what happens to live real servers when the quorum is lost
 * @param maintenance planned maintenance; present only with a sorry server
 * @param weight default of its real servers
 * @param inhibitOnFailure default of its real servers
 */
public record VirtualServerConfig(
        VsId id,
        Optional<String> name,
        OptionalInt snmpIndex,
        List<Target> targets,
        IpFamily family,
        Optional<TransportProtocol> protocol,
        String scheduler,
        long schedulerFlags,
        boolean onePacket,
        Optional<Persistence> persistence,
        long quorum,
        long hysteresis,
        Duration removalGrace,
        Duration delayLoop,
        Optional<SorryServerConfig> sorry,
        long panicThreshold,
        NotifyScripts notices,
        boolean omega,
        boolean haSuspend,
        boolean viaVip,
        SorryPort sorryPort,
        SorryPageConfig sorryPage,
        SorryMode sorryMode,
        Optional<MaintenanceConfig> maintenance,
        long weight,
        boolean inhibitOnFailure,
        CheckDefaults checkDefaults,
        List<RealServerConfig> realServers) {
    public VirtualServerConfig {
        targets = List.copyOf(targets);
        realServers = List.copyOf(realServers);
    }

    /** The same with other real servers. */
    public VirtualServerConfig withRealServers(List<RealServerConfig> others) {
        return with(snmpIndex, sorryPort, sorryPage, others);
    }

    /** The same without a row number in SNMP. */
    public VirtualServerConfig withoutSnmpIndex() {
        return with(OptionalInt.empty(), sorryPort, sorryPage, realServers);
    }

    /** The same with another port of the sorry page. */
    public VirtualServerConfig withSorryPort(SorryPort other) {
        return with(snmpIndex, other, sorryPage, realServers);
    }

    /** The same with another sorry page. */
    public VirtualServerConfig withSorryPage(SorryPageConfig other) {
        return with(snmpIndex, sorryPort, other, realServers);
    }

    private VirtualServerConfig with(
            OptionalInt index, SorryPort port, SorryPageConfig page, List<RealServerConfig> others) {
        return new VirtualServerConfig(
                id,
                name,
                index,
                targets,
                family,
                protocol,
                scheduler,
                schedulerFlags,
                onePacket,
                persistence,
                quorum,
                hysteresis,
                removalGrace,
                delayLoop,
                sorry,
                panicThreshold,
                notices,
                omega,
                haSuspend,
                viaVip,
                port,
                page,
                sorryMode,
                maintenance,
                weight,
                inhibitOnFailure,
                checkDefaults,
                others);
    }
}
