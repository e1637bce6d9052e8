package io.lvsd.ipvs.embedded.tcp;

import io.netty.channel.unix.Buffer;
import java.nio.ByteBuffer;

/** Memory outside the heap for one reading, and how much of it waits to be written. Used on one event loop only. */
public final class Chunk {
    /** Bytes of one. */
    public static final int SIZE = 32 * 1024;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(SIZE);
    final long address = Buffer.memoryAddress(memory);
    int position;
    int limit;

    ByteBuffer memory() {
        return memory;
    }
}
