package io.lvsd.ipvs.netlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks netlink attributes in place: {@code while (in.next()) switch (in.type())}. Each getter checks the width of the
 * current attribute. A type that the caller does not read is skipped; the flag bits of a type are masked off, since IPVS
 * replies come without {@code NLA_F_NESTED}. A reader can be used again for another message. Used by one thread.
 */
public final class AttrReader {
    private static final int TYPE_MASK = 0x3fff;
    private static final int HEADER = 4;
    private static final ByteBuffer NOTHING = HostOrder.wrap(new byte[0]);

    private String where;
    private @Nullable AttrReader outer;
    private int outerType;
    private ByteBuffer in;
    private int start;
    private int end;
    private int valueAt;
    private int valueLength;
    private int nextAt;
    private int type;

    /** @param where names the message in errors */
    public AttrReader(String where, byte[] attributes) {
        this.where = where;
        this.in = HostOrder.wrap(attributes);
        this.end = attributes.length;
    }

    private AttrReader() {
        this.where = "";
        this.in = NOTHING;
    }

    /** A reader without attributes, for {@link #nested(AttrReader)} and {@link #over}. */
    public static AttrReader empty() {
        return new AttrReader();
    }

    /**
     * Reads other attributes from now on.
     *
     * @param name of the message, in errors
     * @param buffer in the byte order of this machine
     */
    AttrReader over(String name, ByteBuffer buffer, int from, int to) {
        where = name;
        outer = null;
        set(buffer, from, to);
        return this;
    }

    private void set(ByteBuffer buffer, int from, int to) {
        in = buffer;
        start = from;
        end = to;
        nextAt = from;
        type = 0;
    }

    /**
     * Moves to the next attribute.
     *
     * @return false at the end
     * @throws NetlinkException if a length runs past the end or is shorter than a header
     */
    public boolean next() {
        if (end - nextAt < HEADER) {
            return false;
        }
        int length = in.getShort(nextAt) & 0xffff;
        type = in.getShort(nextAt + 2) & TYPE_MASK;
        if (length < HEADER || length > end - nextAt) {
            throw new NetlinkException(where() + ": attribute " + type + " at offset " + (nextAt - start)
                    + " has length " + length + " of " + (end - nextAt));
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

    /** A string up to its first zero byte or the end of the attribute. */
    public String stringz() {
        return stringz("");
    }

    /** As {@link #stringz()}, without a new string if the value is {@code known}. */
    public String stringz(String known) {
        int length = 0;
        while (length < valueLength && in.get(valueAt + length) != 0) {
            length++;
        }
        boolean same = known.length() == length;
        for (int i = 0; same && i < length; i++) {
            same = known.charAt(i) == in.get(valueAt + i);
        }
        if (same) {
            return known;
        }
        byte[] text = new byte[length];
        in.get(valueAt, text);
        return new String(text, StandardCharsets.US_ASCII);
    }

    /** A copy of all attributes. */
    byte[] all() {
        byte[] copy = new byte[end - start];
        in.get(start, copy);
        return copy;
    }

    public byte[] bytes() {
        byte[] value = new byte[valueLength];
        in.get(valueAt, value);
        return value;
    }

    /**
     * The value as far as there is room for it, then zeros.
     *
     * @return the length of the value in bytes
     */
    public int bytes(byte[] into) {
        int copied = Math.min(valueLength, into.length);
        in.get(valueAt, into, 0, copied);
        Arrays.fill(into, copied, into.length, (byte) 0);
        return valueLength;
    }

    /** The attributes within the current one. */
    public AttrReader nested() {
        return nested(new AttrReader());
    }

    /** The attributes within the current one, with a reader that is used again; valid until this reader reads another message. */
    public AttrReader nested(AttrReader inner) {
        inner.outer = this;
        inner.outerType = type;
        inner.set(in, valueAt, valueAt + valueLength);
        return inner;
    }

    private String where() {
        return outer == null ? where : outer.where() + "/" + outerType;
    }

    private int need(int width) {
        if (valueLength != width) {
            throw new NetlinkException(where() + ": attribute " + type + " at offset " + (valueAt - HEADER - start)
                    + " is " + valueLength + " bytes wide, not " + width);
        }
        return valueAt;
    }
}
