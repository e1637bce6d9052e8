package io.lvsd.ipvs.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The one buffer that a netlink socket receives into. Always the same size, because the kernel fills dumps up to the
 * largest buffer that a socket ever used and cuts them for a later, smaller one. Confined to the thread that made it.
 */
public final class ReceiveBuffer implements AutoCloseable {
    /** {@code MSG_TRUNC}: recv returns the datagram's real length. */
    private static final int MSG_TRUNC = 0x20;

    /** Bytes; the size up to which the kernel fills a dump datagram. */
    public static final int SIZE = 32 * 1024;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment segment = arena.allocate(SIZE, 8);
    private final MemorySegment state = Libc.state(arena);
    private final byte[] copy = new byte[SIZE];

    /** One received datagram, or {@code -errno}. */
    public sealed interface Received {
        /** A whole datagram, in the byte order of this machine; its bytes are valid until the next call. */
        record Datagram(ByteBuffer bytes) implements Received {}

        /** A datagram longer than the buffer: what was read is useless. */
        record TooLong(long length) implements Received {}

        /** The call failed with this (positive) errno. */
        record Failed(int errno) implements Received {}
    }

    /** Receives one datagram from {@code fd}. Blocks up to the socket's {@code SO_RCVTIMEO}, then fails with EAGAIN. */
    public Received receive(int fd) {
        long n = Libc.recv(state, fd, segment, MSG_TRUNC);
        if (n < 0) {
            return new Received.Failed((int) -n);
        }
        if (n > SIZE) {
            return new Received.TooLong(n);
        }
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, 0, copy, 0, (int) n);
        return new Received.Datagram(
                ByteBuffer.wrap(copy).limit((int) n).slice().order(ByteOrder.nativeOrder()));
    }

    @Override
    public void close() {
        arena.close();
    }
}
