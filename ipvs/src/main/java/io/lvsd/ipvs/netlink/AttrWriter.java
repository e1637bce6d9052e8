package io.lvsd.ipvs.netlink;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Writes netlink attributes ({@code struct nlattr}, linux/netlink.h). The method's name states the width on the wire;
 * host byte order (little-endian) unless its name has {@code be}. {@code nla_len} counts header and value, not the padding.
 */
public final class AttrWriter {
    private static final int NLA_F_NESTED = 0x8000;
    private static final int HEADER = 4;
    private static final int MAX_LENGTH = 0xffff;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** @param value 0 to 255 */
    public AttrWriter u8(int type, int value) {
        return bytes(type, new byte[] {(byte) value});
    }

    /** @param value 0 to 65535 */
    public AttrWriter u16(int type, int value) {
        return bytes(type, HostOrder.u16(value));
    }

    /** @param value 0 to 2^32-1 */
    public AttrWriter u32(int type, long value) {
        return bytes(type, HostOrder.u32(value));
    }

    /** Network byte order, as IPVS wants its ports. */
    public AttrWriter be16(int type, int value) {
        return bytes(type, new byte[] {(byte) (value >>> 8), (byte) value});
    }

    /** Network byte order, as IPVS wants an IPv4 netmask. */
    public AttrWriter be32(int type, long value) {
        return bytes(
                type, new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value});
    }

    /** A zero-terminated string. */
    public AttrWriter stringz(int type, String value) {
        byte[] text = value.getBytes(StandardCharsets.US_ASCII);
        return bytes(type, java.util.Arrays.copyOf(text, text.length + 1));
    }

    /** Attributes within an attribute, marked {@code NLA_F_NESTED}. */
    public AttrWriter nested(int type, Consumer<AttrWriter> content) {
        AttrWriter inner = new AttrWriter();
        content.accept(inner);
        return bytes(type | NLA_F_NESTED, inner.toByteArray());
    }

    /** A value as it is, padded to four bytes behind its length. */
    public AttrWriter bytes(int type, byte[] value) {
        int length = HEADER + value.length;
        if (length > MAX_LENGTH) {
            throw new IllegalArgumentException("attribute " + type + " too long: " + value.length + " bytes");
        }
        out.writeBytes(HostOrder.u16(length));
        out.writeBytes(HostOrder.u16(type));
        out.writeBytes(value);
        out.writeBytes(new byte[-length & 3]);
        return this;
    }

    public byte[] toByteArray() {
        return out.toByteArray();
    }
}
