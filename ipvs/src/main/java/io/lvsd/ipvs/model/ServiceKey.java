package io.lvsd.ipvs.model;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** What identifies a service in the kernel. Its text is {@code 192.0.2.1:80/tcp}, {@code fwmark:5} or {@code fwmark:5/inet6}. */
public sealed interface ServiceKey extends Comparable<ServiceKey> {
    AddressFamily family();

    /**
     * A service with an address.
     *
     * @param port 0 to 65535; 0 is every port
     */
    record AddressKey(Protocol protocol, InetAddress address, int port) implements ServiceKey {
        public AddressKey {
            Ports.check(port);
        }

        /** As that of the record, and many times faster, as is the hash code. */
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other
                    || other instanceof AddressKey key
                            && port == key.port
                            && protocol == key.protocol
                            && address.equals(key.address);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * address.hashCode() + port) + protocol.hashCode();
        }

        @Override
        public AddressFamily family() {
            return AddressFamily.of(address);
        }

        @Override
        public String toString() {
            return Addresses.text(address, port) + "/" + protocol.lowerCase();
        }
    }

    /**
     * A service for packets with a firewall mark.
     *
     * @param mark 1 to 2^32-1
     */
    record FwmarkKey(AddressFamily family, long mark) implements ServiceKey {
        public FwmarkKey {
            if (mark < 1 || mark > 0xffff_ffffL) {
                throw new IllegalArgumentException("firewall mark " + mark + " is not in 1..4294967295");
            }
        }

        @Override
        public String toString() {
            return "fwmark:" + mark + (family == AddressFamily.INET6 ? "/inet6" : "");
        }
    }

    /** Address services first (by protocol, address, port), then marks: the order of every list that a person reads. */
    @Override
    default int compareTo(ServiceKey other) {
        return switch (this) {
            case AddressKey left when other instanceof AddressKey right -> compare(left, right);
            case FwmarkKey left
            when other instanceof FwmarkKey right ->
                left.mark() != right.mark()
                        ? Long.compare(left.mark(), right.mark())
                        : left.family().compareTo(right.family());
            case AddressKey _ -> -1;
            case FwmarkKey _ -> 1;
        };
    }

    private static int compare(AddressKey left, AddressKey right) {
        int byProtocol = left.protocol().compareTo(right.protocol());
        int byAddress = byProtocol != 0 ? byProtocol : Addresses.ORDER.compare(left.address(), right.address());
        return byAddress != 0 ? byAddress : Integer.compare(left.port(), right.port());
    }
}
