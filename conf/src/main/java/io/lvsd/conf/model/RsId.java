package io.lvsd.conf.model;

import io.lvsd.conf.source.IpAddresses;
import java.net.InetAddress;

/** The identity of a real server within its virtual server. */
public record RsId(InetAddress address, int port) {
    /** As that of the record, and many times faster: it is computed at each probe. */
    @Override
    public int hashCode() {
        return 31 * address.hashCode() + port;
    }

    @Override
    public String toString() {
        return IpAddresses.text(address, port);
    }
}
