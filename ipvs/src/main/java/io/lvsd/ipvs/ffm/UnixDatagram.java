package io.lvsd.ipvs.ffm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A datagram socket of the address family {@code AF_UNIX} that is connected to a path, as those of syslog and of systemd's
 * journal; the JDK has stream sockets only. One thread at a time.
 */
public final class UnixDatagram implements AutoCloseable {
    /** {@code AF_UNIX}, linux/socket.h. */
    private static final short AF_UNIX = 1;
    /** {@code SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC}, bits/socket_type.h. */
    private static final int TYPE = 2 | 0x800 | 0x80000;
    /** {@code MSG_NOSIGNAL}, linux/socket.h. */
    private static final int MSG_NOSIGNAL = 0x4000;
    /** {@code POLLOUT}, asm-generic/poll.h. */
    private static final short POLLOUT = 4;
    /** {@code sun_path} with its final 0, linux/un.h. */
    private static final int MAX_PATH = 108;

    private final int fd;

    private UnixDatagram(int fd) {
        this.fd = fd;
    }

    /**
     * Connects to a socket.
     *
     * @throws IOException if the socket does not exist, has no receiver, or may not be used; the text has the path and the error
     */
    public static UnixDatagram connect(Path path) throws IOException {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= MAX_PATH) {
            throw new IOException(path + ": the path of a socket has at most " + (MAX_PATH - 1) + " bytes");
        }
        int fd = Libc.socket(AF_UNIX, TYPE, 0);
        if (fd < 0) {
            throw new IOException("socket: " + Errno.describe(-fd));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(Short.BYTES + name.length + 1L, Short.BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, name.length);
            int result = Libc.connect(Libc.state(arena), fd, address);
            if (result < 0) {
                int closed = Libc.close(fd);
                assert closed <= 0;
                throw new IOException(path + ": " + Errno.describe(-result));
            }
        }
        return new UnixDatagram(fd);
    }

    /**
     * Sends a datagram. Blocks while the queue of the receiver is full.
     *
     * @throws SocketTimeoutException if the receiver does not read within the timeout
     * @throws IOException if the receiver is gone, or accepts no datagram of this size
     */
    public void send(byte[] datagram, Duration timeout) throws IOException {
        long end = System.nanoTime() + timeout.toNanos();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            MemorySegment data = arena.allocate(Math.max(1, datagram.length));
            MemorySegment.copy(datagram, 0, data, ValueLayout.JAVA_BYTE, 0, datagram.length);
            while (true) {
                long sent = Libc.send(state, fd, data.asSlice(0, datagram.length), MSG_NOSIGNAL);
                if (sent >= 0) {
                    return;
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                boolean full = sent == -Errno.EAGAIN.number();
                if (full && left <= 0) {
                    throw new SocketTimeoutException(
                            "timeout: the receiver has not read for " + timeout.toMillis() + " ms");
                }
                if (!full && sent != -Errno.EINTR.number()) {
                    throw new IOException(Errno.describe((int) -sent));
                }
                int _ = Libc.poll(state, pollOut(arena), 1, (int) Math.max(0, left));
            }
        }
    }

    private MemorySegment pollOut(Arena arena) {
        MemorySegment pollfd = arena.allocate(8, 4);
        pollfd.set(ValueLayout.JAVA_INT, 0, fd);
        pollfd.set(ValueLayout.JAVA_SHORT, 4, POLLOUT);
        return pollfd;
    }

    @Override
    public void close() {
        int closed = Libc.close(fd);
        assert closed <= 0;
    }
}
