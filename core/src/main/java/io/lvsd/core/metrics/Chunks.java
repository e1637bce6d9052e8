package io.lvsd.core.metrics;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Collects bytes. As it grows, it does not copy what it has. */
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
    byte[] toByteArray() {
        byte[] all = new byte[full.size() * SIZE + length];
        int at = 0;
        for (byte[] chunk : full) {
            System.arraycopy(chunk, 0, all, at, SIZE);
            at += SIZE;
        }
        System.arraycopy(last, 0, all, at, length);
        return all;
    }
}
