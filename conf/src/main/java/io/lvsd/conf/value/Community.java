package io.lvsd.conf.value;

import io.lvsd.conf.source.IpAddresses;
import java.net.InetAddress;

/**
 * An SNMPv2c community and the clients that may use it. Its name is never logged.
 *
 * @param network address that clients' addresses are compared with
 * @param prefix number of leading bits that are compared
 */
public record Community(String name, InetAddress network, int prefix) {
    @Override
    public String toString() {
        return "Community[REDACTED, " + IpAddresses.text(network) + "/" + prefix + "]";
    }
}
