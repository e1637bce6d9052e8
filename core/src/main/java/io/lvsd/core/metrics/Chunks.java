package io.lvsd.core.metrics;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects bytes in parts of 64 KiB, without copies. */
final class Chunks extends OutputStream {
    private static final int SIZE = 65_536;

    private final List<byte[]> full = new ArrayList<>();
    private byte[] last = new byte[SIZE];
    private int length;

    @Override
    public void write(int b) {
        if (length == SIZE) {
            next();
        }
        last[length++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        int done = 0;
        while (done < count) {
            if (length == SIZE) {
                next();
            }
            int part = Math.min(count - done, SIZE - length);
            System.arraycopy(bytes, offset + done, last, length, part);
            length += part;
            done += part;
        }
    }

    private void next() {
        full.add(last);
        last = new byte[SIZE];
        length = 0;
    }

    /** Everything that was written. */
    List<byte[]> parts() {
        List<byte[]> parts = new ArrayList<>(full);
        parts.add(Arrays.copyOf(last, length));
        return parts;
    }
}
