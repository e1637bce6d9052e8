package io.lvsd.ipvs.embedded.tcp;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The TCP segments of a connection as the kernel has counted them, {@code tcpi_segs_in} and {@code tcpi_segs_out} of
 * {@code struct tcp_info} (uapi/linux/tcp.h). Both are unsigned 32-bit numbers.
 */
record Segments(long in, long out) {
    private static final Segments NONE = new Segments(0, 0);
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;
    private static final int SEGS_OUT = 136;
    private static final int SEGS_IN = 140;
    private static final ThreadLocal<ByteBuffer> MEMORY =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(SEGS_IN + Integer.BYTES));

    /** The counts so far; none if the connection has gone. */
    static Segments of(Socket socket) {
        ByteBuffer info = MEMORY.get().clear();
        try {
            socket.getRawOpt(IPPROTO_TCP, TCP_INFO, info);
        } catch (IOException _) {
            return NONE;
        }
        info.order(ByteOrder.nativeOrder());
        return new Segments(
                Integer.toUnsignedLong(info.getInt(SEGS_IN)), Integer.toUnsignedLong(info.getInt(SEGS_OUT)));
    }
}
