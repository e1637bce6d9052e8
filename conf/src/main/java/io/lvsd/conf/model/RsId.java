package io.lvsd.conf.model;

import io.lvsd.conf.source.IpAddresses;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** The identity of a real server within its virtual server. */
public record RsId(InetAddress address, int port) {
    /** As that of the record, and many times faster, as is the hash code: both are used several times a probe. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof RsId id && port == id.port && address.equals(id.address);
    }

    @Override
    public int hashCode() {
        return 31 * address.hashCode() + port;
    }

    @Override
    public String toString() {
        return IpAddresses.text(address, port);
    }
}
