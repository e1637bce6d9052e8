package io.lvsd.ipvs.model;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Address family of a service or destination, with its number of bits/socket.h. */
public enum AddressFamily {
    INET(2, 4),
    INET6(10, 16);

    private final int number;
    private final int addressBytes;

    AddressFamily(int number, int addressBytes) {
        this.number = number;
        this.addressBytes = addressBytes;
    }

    /** {@code AF_INET} or {@code AF_INET6}. */
    public int number() {
        return number;
    }

    /** Length of an address, 4 or 16. */
    public int addressBytes() {
        return addressBytes;
    }

    public static AddressFamily of(InetAddress address) {
        return address instanceof Inet4Address ? INET : INET6;
    }

    /** @throws IllegalArgumentException for a family that IPVS does not have */
    public static AddressFamily of(int number) {
        for (AddressFamily family : values()) {
            if (family.number == number) {
                return family;
            }
        }
        throw new IllegalArgumentException("address family " + number);
    }
}
