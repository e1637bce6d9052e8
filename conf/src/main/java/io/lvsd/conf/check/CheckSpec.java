package io.lvsd.conf.check;

import io.lvsd.conf.value.ProbeAddress;

/** A check as it is configured. Two checks with equal specifications share their probes. */
public sealed interface CheckSpec permits CheckSpec.Probed, BfdCheck, FileCheck, UnusableCheck {
    /** The keyword that declares the check. */
    String kind();

    /** An active check: it is probed again and again. */
    sealed interface Probed extends CheckSpec permits Remote, MiscCheck {}

    /** An active check that is probed over the network. */
    sealed interface Remote extends Probed
            permits TcpCheck, HttpCheck, SmtpCheck, DnsCheck, UdpCheck, PingCheck, GrpcCheck, ServiceCheck, AgentCheck {
        ProbeAddress target();

        /** The same check of another address, or from one. */
        Remote withTarget(ProbeAddress other);
    }
}
