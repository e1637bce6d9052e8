package io.lvsd.conf.check;

import io.lvsd.conf.value.ProbeAddress;

/**
 * A name server answers a query.
 *
 * @param type in capitals
 * @param name without the dot at its end; empty: the root
 */
public record DnsCheck(ProbeAddress target, String type, String name) implements CheckSpec.Remote {
    /** The keyword that declares the check. */
    public static final String KIND = "DNS_CHECK";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public DnsCheck withTarget(ProbeAddress other) {
        return new DnsCheck(other, type, name);
    }
}
