package io.lvsd.ipvs.netlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Walks netlink attributes: {@code while (in.next()) switch (in.type())}. Each getter checks the width of the current
 * attribute. A type that the caller does not read is skipped; the flag bits of a type are masked off, since IPVS
 * replies come without {@code NLA_F_NESTED}.
 */
public final class AttrReader {
    private static final int TYPE_MASK = 0x3fff;
    private static final int HEADER = 4;

    private final String where;
    private final ByteBuffer in;
    private int valueAt;
    private int valueLength;
    private int nextAt;
    private int type;

    /** @param where names the message or the enclosing attribute in errors */
    public AttrReader(String where, byte[] attributes) {
        this.where = where;
        this.in = HostOrder.wrap(attributes);
    }

    /**
     * Moves to the next attribute.
     *
     * @return false at the end
     * @throws NetlinkException if a length runs past the end or is shorter than a header
     */
    public boolean next() {
        if (in.capacity() - nextAt < HEADER) {
            return false;
        }
        int length = in.getShort(nextAt) & 0xffff;
        type = in.getShort(nextAt + 2) & TYPE_MASK;
        if (length < HEADER || length > in.capacity() - nextAt) {
            throw new NetlinkException(where + ": attribute " + type + " at offset " + nextAt + " has length " + length
                    + " of " + (in.capacity() - nextAt));
        }
        valueAt = nextAt + HEADER;
        valueLength = length - HEADER;
        nextAt += (length + 3) & ~3;
        return true;
    }

    public int type() {
        return type;
    }

    public int u8() {
        return in.get(need(1)) & 0xff;
    }

    public int u16() {
        return in.getShort(need(2)) & 0xffff;
    }

    public long u32() {
        return in.getInt(need(4)) & 0xffff_ffffL;
    }

    /** An unsigned 64-bit number: print it unsigned. */
    public long u64() {
        return in.getLong(need(8));
    }

    public int be16() {
        int at = need(2);
        return (in.get(at) & 0xff) << 8 | in.get(at + 1) & 0xff;
    }

    public long be32() {
        int at = need(4);
        return ((long) (in.get(at) & 0xff) << 24
                        | (in.get(at + 1) & 0xff) << 16
                        | (in.get(at + 2) & 0xff) << 8
                        | in.get(at + 3) & 0xff)
                & 0xffff_ffffL;
    }

    /** A string up to its first zero byte or the end of the attribute. */
    public String stringz() {
        byte[] value = bytes();
        int length = 0;
        while (length < value.length && value[length] != 0) {
            length++;
        }
        return new String(value, 0, length, StandardCharsets.US_ASCII);
    }

    public byte[] bytes() {
        byte[] value = new byte[valueLength];
        in.get(valueAt, value);
        return value;
    }

    public AttrReader nested() {
        return new AttrReader(where + "/" + type, bytes());
    }

    private int need(int width) {
        if (valueLength != width) {
            throw new NetlinkException(where + ": attribute " + type + " at offset " + (valueAt - HEADER) + " is "
                    + valueLength + " bytes wide, not " + width);
        }
        return valueAt;
    }
}
