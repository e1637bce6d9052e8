package io.lvsd.conf.value;

import io.lvsd.conf.source.IpAddresses;
import java.net.InetAddress;

/** IPv4 or IPv6. */
public enum IpFamily {
    INET,
    INET6;

    public static IpFamily of(InetAddress address) {
        return IpAddresses.isIpv4(address) ? INET : INET6;
    }
}
