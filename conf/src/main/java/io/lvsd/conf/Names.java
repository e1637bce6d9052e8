package io.lvsd.conf;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses as text. Strict, and never asks a name server. */
public final class Names {
    private static final Pattern IPV4 = Pattern.compile("(?:(?:0|[1-9]\\d{0,2})\\.){3}(?:0|[1-9]\\d{0,2})");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private Names() {}

    /** Four decimal octets without leading zeros, or RFC 4291 without a zone; empty for anything else. */
    public static Optional<InetAddress> address(String text) {
        if (IPV4.matcher(text).matches()) {
            return octets(text);
        }
        return IPV6.matcher(text).matches() ? ipv6(text) : Optional.empty();
    }

    private static Optional<InetAddress> octets(String text) {
        byte[] bytes = new byte[4];
        String[] parts = text.split("\\.", -1);
        for (int i = 0; i < bytes.length; i++) {
            int octet = Integer.parseInt(parts[i]);
            if (octet > 255) {
                return Optional.empty();
            }
            bytes[i] = (byte) octet;
        }
        return Optional.of(ofBytes(bytes));
    }

    private static Optional<InetAddress> ipv6(String text) {
        int dot = text.indexOf('.');
        if (dot >= 0 && octets4(text.substring(text.lastIndexOf(':') + 1)).isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = io.netty.util.NetUtil.createByteArrayFromIpAddressString(text);
        return bytes == null || bytes.length != 16 ? Optional.empty() : Optional.of(ofBytes(bytes));
    }

    private static Optional<InetAddress> octets4(String text) {
        return IPV4.matcher(text).matches() ? octets(text) : Optional.empty();
    }

    /** An address from 4 or 16 bytes in network order. A mapped IPv4 address stays IPv6. */
    public static InetAddress ofBytes(byte[] bytes) {
        try {
            return bytes.length == 4 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Dotted decimal, or RFC 5952. */
    public static String text(InetAddress address) {
        return io.netty.util.NetUtil.toAddressString(address);
    }

    /** {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}. */
    public static String text(InetAddress address, int port) {
        return isIpv4(address) ? text(address) + ":" + port : "[" + text(address) + "]:" + port;
    }

    public static boolean isIpv4(InetAddress address) {
        return address instanceof Inet4Address;
    }

    /** Whether this is an IPv4 address in IPv6 clothes, {@code ::ffff:a.b.c.d}. */
    static boolean isMapped(InetAddress address) {
        byte[] b = address.getAddress();
        boolean zeros = b.length == 16;
        for (int i = 0; zeros && i < 10; i++) {
            zeros = b[i] == 0;
        }
        return zeros && b[10] == -1 && b[11] == -1;
    }

    /** Why an address cannot be that of a server, or empty. */
    public static String unfit(InetAddress address) {
        if (isMapped(address)) {
            return "is an IPv4-mapped address: write the IPv4 address";
        }
        if (address.isAnyLocalAddress()) {
            return "is the unspecified address";
        }
        if (address.isMulticastAddress()) {
            return "is a multicast address";
        }
        return address.isLinkLocalAddress() ? "is a link-local address" : "";
    }
}
