package io.lvsd.conf.check;

import io.lvsd.conf.value.ProbeAddress;

/** Whether a TCP connection is established. */
public record TcpCheck(ProbeAddress target) implements CheckSpec.Remote {
    @Override
    public int hashCode() {
        return target.hashCode();
    }

    @Override
    public String kind() {
        return "TCP_CHECK";
    }

    @Override
    public TcpCheck withTarget(ProbeAddress other) {
        return new TcpCheck(other);
    }
}
