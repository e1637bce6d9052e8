package io.lvsd.conf.check;

import io.lvsd.conf.value.ProbeAddress;

/** An ICMP echo request is answered. The port of {@code target} is 0. */
public record PingCheck(ProbeAddress target) implements CheckSpec.Remote {
    /** The keyword that declares the check. */
    public static final String KIND = "PING_CHECK";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public PingCheck withTarget(ProbeAddress other) {
        return new PingCheck(other);
    }
}
