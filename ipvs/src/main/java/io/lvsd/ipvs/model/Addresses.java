package io.lvsd.ipvs.model;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;

/** Addresses as the kernel and ipvsadm write them. Never uses DNS. */
public final class Addresses {
    /** IPv4 before IPv6, then by the bytes, unsigned. */
    @SuppressWarnings("ReferenceEquality") // the same address is mostly the same object
    public static final Comparator<InetAddress> ORDER = (a, b) -> {
        if (a == b) {
            return 0;
        }
        if (a instanceof Inet4Address && b instanceof Inet4Address) {
            // Java's hash code of an IPv4 address is its four bytes as a number; its bytes would be copies.
            return Integer.compareUnsigned(a.hashCode(), b.hashCode());
        }
        byte[] left = a.getAddress();
        byte[] right = b.getAddress();
        return left.length != right.length
                ? Integer.compare(left.length, right.length)
                : Arrays.compareUnsigned(left, right);
    };

    private Addresses() {}

    /** Dotted decimal, or RFC 5952. */
    public static String text(InetAddress address) {
        return NetUtil.toAddressString(address);
    }

    /** {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}. */
    public static String text(InetAddress address, int port) {
        return address instanceof Inet6Address ? "[" + text(address) + "]:" + port : text(address) + ":" + port;
    }

    /** An address from its bytes in network order: the first 4, or all 16, of {@code bytes}. */
    public static InetAddress of(AddressFamily family, byte[] bytes) {
        try {
            return switch (family) {
                case INET -> InetAddress.getByAddress(Arrays.copyOf(bytes, family.addressBytes()));
                case INET6 -> Inet6Address.getByAddress(null, Arrays.copyOf(bytes, family.addressBytes()), -1);
            };
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
