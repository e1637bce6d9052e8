package io.lvsd.ipvs.netlink;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Writes netlink attributes ({@code struct nlattr}, linux/netlink.h). The method's name states the width on the wire;
 * host byte order unless its name has {@code be}. {@code nla_len} counts header and value, not the padding. Used by one thread.
 */
public final class AttrWriter {
    private static final int NLA_F_NESTED = 0x8000;
    private static final int HEADER = 4;
    private static final int MAX_LENGTH = 0xffff;

    private final OutBuffer out;

    public AttrWriter() {
        this(new OutBuffer());
    }

    /** @param out where the attributes are appended, at a multiple of 4 bytes */
    AttrWriter(OutBuffer out) {
        this.out = out;
    }

    /** @param value 0 to 255 */
    public AttrWriter u8(int type, int value) {
        header(type, 1);
        out.putByte(value);
        out.align();
        return this;
    }

    /** @param value 0 to 65535 */
    public AttrWriter u16(int type, int value) {
        header(type, 2);
        out.putShort(value);
        out.putShort(0);
        return this;
    }

    /** @param value 0 to 2^32-1 */
    public AttrWriter u32(int type, long value) {
        header(type, 4);
        out.putInt((int) value);
        return this;
    }

    /** Network byte order, as IPVS wants its ports. */
    public AttrWriter be16(int type, int value) {
        header(type, 2);
        out.putByte(value >>> 8);
        out.putByte(value);
        out.putShort(0);
        return this;
    }

    /** Network byte order, as IPVS wants an IPv4 netmask. */
    public AttrWriter be32(int type, long value) {
        header(type, 4);
        out.putByte((int) (value >>> 24));
        out.putByte((int) (value >>> 16));
        out.putByte((int) (value >>> 8));
        out.putByte((int) value);
        return this;
    }

    /** A zero-terminated string. */
    public AttrWriter stringz(int type, String value) {
        byte[] text = value.getBytes(StandardCharsets.US_ASCII);
        header(type, text.length + 1);
        out.put(text);
        out.putByte(0);
        out.align();
        return this;
    }

    /**
     * Begins an attribute that consists of attributes, marked {@code NLA_F_NESTED}.
     *
     * @return a number for {@link #end}
     */
    public int begin(int type) {
        int start = out.size();
        header(type | NLA_F_NESTED, 0);
        return start;
    }

    /** Ends an attribute that consists of those that were written since its beginning. */
    public void end(int start) {
        out.setShort(start, checked(out.getShort(start + 2) & ~NLA_F_NESTED, out.size() - start));
    }

    /** Attributes within an attribute, marked {@code NLA_F_NESTED}. */
    public AttrWriter nested(int type, Consumer<AttrWriter> content) {
        int start = begin(type);
        content.accept(this);
        end(start);
        return this;
    }

    /** A value as it is, padded to four bytes behind its length. */
    public AttrWriter bytes(int type, byte[] value) {
        header(type, value.length);
        out.put(value);
        out.align();
        return this;
    }

    private void header(int type, int valueLength) {
        out.putShort(checked(type, HEADER + valueLength));
        out.putShort(type);
    }

    /** Returns the length of an attribute with its header. */
    private static int checked(int type, int length) {
        if (length > MAX_LENGTH) {
            throw new IllegalArgumentException("attribute " + type + " too long: " + (length - HEADER) + " bytes");
        }
        return length;
    }

    public byte[] toByteArray() {
        return out.toByteArray();
    }
}
