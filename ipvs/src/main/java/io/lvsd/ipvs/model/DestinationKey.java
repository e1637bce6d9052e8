package io.lvsd.ipvs.model;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What identifies a destination within its service.
 *
 * @param port 0 to 65535
 */
public record DestinationKey(InetAddress address, int port) implements Comparable<DestinationKey> {
    public DestinationKey {
        Ports.check(port);
    }

    /** As that of the record, and many times faster, as is the hash code. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof DestinationKey key && port == key.port && address.equals(key.address);
    }

    @Override
    public int hashCode() {
        return 31 * address.hashCode() + port;
    }

    @Override
    public int compareTo(DestinationKey other) {
        int byAddress = Addresses.ORDER.compare(address, other.address);
        return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
        return Addresses.text(address, port);
    }
}
