package io.lvsd.conf.model;

import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.IpFamily;
import java.net.InetAddress;

/** What clients reach: one address with a port, or one firewall mark. A group is a list of these. */
public sealed interface Target {
    /** @param port 0 is every port */
    record Address(InetAddress address, int port) implements Target {
        @Override
        public String toString() {
            return IpAddresses.text(address, port);
        }
    }

    /** @param mark 1 to 2^32-1 */
    record Fwmark(long mark, IpFamily family) implements Target {
        @Override
        public String toString() {
            return "fwmark:" + mark + (family == IpFamily.INET6 ? "/inet6" : "");
        }
    }
}
