package io.lvsd.ipvs.netlink;

import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bytes that are appended, and lengths that are set when what they count has been written. Numbers are in the byte order of this
 * machine. Grows as needed, and keeps its memory when it is cleared. Used by one thread.
 */
final class OutBuffer {
    /** The index of the lower byte of a 16-bit number: 0 or 1. */
    private static final int LOW = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 0 : 1;

    private byte[] bytes = new byte[128];
    private int size;

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    void putByte(int value) {
        // Reserved first: it may replace the array.
        int at = reserve(1);
        bytes[at] = (byte) value;
    }

    void putShort(int value) {
        setShort(reserve(2), value);
    }

    void putInt(int value) {
        setInt(reserve(4), value);
    }

    void put(byte[] value) {
        int at = reserve(value.length);
        System.arraycopy(value, 0, bytes, at, value.length);
    }

    /** Appends zeros up to a multiple of 4 bytes. */
    void align() {
        for (int padding = -size & 3; padding > 0; padding--) {
            putByte(0);
        }
    }

    void setShort(int at, int value) {
        bytes[at + LOW] = (byte) value;
        bytes[at + 1 - LOW] = (byte) (value >>> 8);
    }

    /** Returns 0 to 65535. */
    int getShort(int at) {
        return bytes[at + LOW] & 0xff | (bytes[at + 1 - LOW] & 0xff) << 8;
    }

    void setInt(int at, int value) {
        setShort(at + 2 * LOW, value);
        setShort(at + 2 - 2 * LOW, value >>> 16);
    }

    /** Returns the index of the first of so many new bytes. */
    private int reserve(int count) {
        int at = size;
        if (at + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(at + count, 2 * bytes.length));
        }
        size = at + count;
        return at;
    }
}
