package io.lvsd.conf.check;

import io.lvsd.conf.value.ProbeAddress;

/** Whether a TCP connection is established. */
public record TcpCheck(ProbeAddress target) implements CheckSpec.Remote {
    /** The keyword that declares the check. */
    public static final String KIND = "TCP_CHECK";

    @Override
    public int hashCode() {
        return target.hashCode();
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public TcpCheck withTarget(ProbeAddress other) {
        return new TcpCheck(other);
    }
}
