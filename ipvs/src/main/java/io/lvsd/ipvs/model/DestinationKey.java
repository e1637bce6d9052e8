package io.lvsd.ipvs.model;

import java.net.InetAddress;
import java.util.Comparator;

/**
 * What identifies a destination within its service.
 *
 * @param port 0 to 65535
 */
public record DestinationKey(InetAddress address, int port) implements Comparable<DestinationKey> {
    private static final Comparator<DestinationKey> ORDER =
            Comparator.comparing(DestinationKey::address, Addresses.ORDER).thenComparingInt(DestinationKey::port);

    public DestinationKey {
        Ports.check(port);
    }

    @Override
    public int compareTo(DestinationKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return Addresses.text(address, port);
    }
}
