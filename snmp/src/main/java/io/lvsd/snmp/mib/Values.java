package io.lvsd.snmp.mib;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UnsignedInteger32;
import org.snmp4j.smi.Variable;

/** Numbers, texts and addresses as values of SNMP. */
final class Values {
    static final long MAX_16 = 65_535;
    static final long MAX_32 = 0xffff_ffffL;

    private static final byte[] NO_ADDRESS = new byte[4];
    /** DisplayString and most columns of text have no more. */
    private static final int MAX_TEXT = 255;

    private Values() {}

    /** The low 32 bits: INTEGER cannot represent a firewall mark above 2^31. */
    static Variable integer(long value) {
        return new Integer32((int) value);
    }

    /** TruthValue: true(1), false(2). */
    static Variable truth(boolean value) {
        return new Integer32(value ? 1 : 2);
    }

    /** The low 32 bits of a counter. */
    static Variable counter(long value) {
        return new Counter32(value & MAX_32);
    }

    static Variable counter64(long value) {
        return new Counter64(value);
    }

    /** At most 2^32-1; an unsigned number. */
    static Variable gauge(long value) {
        return new Gauge32(Long.compareUnsigned(value, MAX_32) > 0 ? MAX_32 : value);
    }

    static Variable unsigned(long value) {
        return new UnsignedInteger32(Long.compareUnsigned(value, MAX_32) > 0 ? MAX_32 : value);
    }

    /** In UTF-8, at most 255 bytes. */
    static Variable text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return new OctetString(bytes.length <= MAX_TEXT ? bytes : java.util.Arrays.copyOf(bytes, MAX_TEXT));
    }

    /** IpAddress has four bytes: an IPv6 address shows 0.0.0.0. */
    static Variable ipv4(InetAddress address) {
        return new IpAddress(address instanceof Inet4Address ? address.getAddress() : NO_ADDRESS);
    }

    /** InetAddress of RFC 4001: 4 or 16 bytes. */
    static Variable address(InetAddress address) {
        return new OctetString(address.getAddress());
    }

    /** InetAddressType of RFC 4001: ipv4(1), ipv6(2). */
    static Variable addressType(InetAddress address) {
        return new Integer32(address instanceof Inet4Address ? 1 : 2);
    }

    /** A mask as an IpAddress. */
    static Variable mask(long mask) {
        return new IpAddress(new byte[] {(byte) (mask >>> 24), (byte) (mask >>> 16), (byte) (mask >>> 8), (byte) mask});
    }
}
