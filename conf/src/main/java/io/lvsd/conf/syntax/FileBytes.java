package io.lvsd.conf.syntax;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;

/**
 * The bytes of a file, in an array that is used again for the next file: a reload of a large file would otherwise leave an array of
 * its size, which the collector moves to the old generation. Used by one thread at a time.
 */
final class FileBytes {
    /** A larger array is not kept. */
    static final int MOST_KEPT = 16 << 20;

    private static final int LEAST = 8 << 10;

    private byte[] array = {};
    private int length;

    /** These bytes, which are not copied. */
    static FileBytes of(byte[] bytes) {
        FileBytes all = new FileBytes();
        all.array = bytes;
        all.length = bytes.length;
        return all;
    }

    /**
     * Reads a stream to its end.
     *
     * @param expected length in bytes, such as the size of the file
     * @param most in bytes
     * @return false: the stream is longer
     * @throws IOException if it cannot be read; the content is undefined then
     */
    boolean read(InputStream in, long expected, int most) throws IOException {
        length = 0;
        // One more byte: the end is found without a larger array.
        reserve((int) Math.min(expected, most) + 1);
        while (true) {
            int count = in.read(array, length, array.length - length);
            if (count < 0) {
                return true;
            }
            length += count;
            if (length > most) {
                return false;
            }
            if (length == array.length) {
                reserve(2 * length);
            }
        }
    }

    private void reserve(int least) {
        if (array.length < least) {
            array = Arrays.copyOf(array, Math.max(least, LEAST));
        }
    }

    /** Releases the array if it is large. */
    void release() {
        if (array.length > MOST_KEPT) {
            array = new byte[0];
            length = 0;
        }
    }

    int length() {
        return length;
    }

    /** A copy as text. */
    String text(Charset charset) {
        return text(0, length, charset);
    }

    /** A copy of some bytes as text. */
    String text(int start, int count, Charset charset) {
        return new String(array, start, count, charset);
    }

    /** The bytes without a copy, valid until the next file is read. */
    ByteBuffer view() {
        return ByteBuffer.wrap(array, 0, length);
    }
}
