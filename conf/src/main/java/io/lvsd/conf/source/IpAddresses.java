package io.lvsd.conf.source;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses as text. Strict, and never queries a name server. */
public final class IpAddresses {
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private IpAddresses() {}

    /** Four decimal octets without leading zeros, or RFC 4291 without a zone; empty for anything else. */
    public static Optional<InetAddress> address(String text) {
        Optional<InetAddress> ipv4 = octets(text);
        if (ipv4.isPresent() || text.indexOf(':') < 0) {
            return ipv4;
        }
        return IPV6.matcher(text).matches() ? ipv6(text) : Optional.empty();
    }

    private static Optional<InetAddress> octets(String text) {
        byte[] bytes = new byte[4];
        int begin = 0;
        for (int i = 0; i < bytes.length; i++) {
            int end = i < bytes.length - 1 ? text.indexOf('.', begin) : text.length();
            int length = end - begin;
            if (end < 0 || length < 1 || length > 3 || length > 1 && text.charAt(begin) == '0') {
                return Optional.empty();
            }
            long octet = DecimalParser.of(text.substring(begin, end)).orElse(-1);
            if (octet < 0 || octet > 255) {
                return Optional.empty();
            }
            bytes[i] = (byte) octet;
            begin = end + 1;
        }
        return Optional.of(ofBytes(bytes));
    }

    private static Optional<InetAddress> ipv6(String text) {
        int dot = text.indexOf('.');
        if (dot >= 0 && octets(text.substring(text.lastIndexOf(':') + 1)).isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = io.netty.util.NetUtil.createByteArrayFromIpAddressString(text);
        return bytes == null || bytes.length != 16 ? Optional.empty() : Optional.of(ofBytes(bytes));
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

    /** Whether this is an IPv4 address in IPv6 form, {@code ::ffff:a.b.c.d}. */
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
            return "is an IPv4-mapped address";
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
