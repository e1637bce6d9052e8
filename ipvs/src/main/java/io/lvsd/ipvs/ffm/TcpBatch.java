package io.lvsd.ipvs.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Makes many TCP connections at a time: each connect returns at once, and one poll(2) for all shows which are established or
 * have bytes to read, so that a connection need not be added to an epoll set. No call blocks. Reuses its memory for each call;
 * used, and closed, by the thread that created it.
 */
public final class TcpBatch implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    /** {@code SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC}, bits/socket_type.h. */
    private static final int STREAM = 1 | 04000 | 02000000;

    private static final int SO_ERROR = 4;
    /** {@code struct sockaddr_in} and {@code sockaddr_in6}, netinet/in.h: family, port in network order, address. */
    private static final int SIN_SIZE = 16;

    private static final int SIN6_SIZE = 28;
    private static final int PORT_AT = 2;
    private static final int SIN_ADDRESS_AT = 4;
    private static final int SIN6_ADDRESS_AT = 8;
    private static final int SIN6_SCOPE_AT = 24;
    /** {@code struct pollfd}, poll.h: {@code int fd; short events; short revents}. */
    private static final int POLLFD = 8;

    private static final int EVENTS_AT = 4;
    private static final int REVENTS_AT = 6;
    /** {@code POLLIN}: there are bytes to read, or the end of the stream. */
    public static final short IN = 1;
    /** {@code POLLOUT}: the connection is established or has failed. */
    public static final short OUT = 4;

    private static final short POLLERR = 8;
    private static final int FIRST = 64;
    /** {@code MSG_NOSIGNAL}, bits/socket.h. */
    private static final int NO_SIGNAL = 0x4000;
    /** Bytes of one {@link #receive}. */
    private static final int BUFFER = 16 * 1024;

    /** A connection that waits for an event. */
    public interface Waiting {
        /** The file descriptor. */
        int fd();

        /** The awaited event: {@link #IN} or {@link #OUT}. */
        short events();

        /**
         * The event has occurred. Called by the thread that polls.
         *
         * @param withoutError false: {@link #error} returns the error
         */
        void ready(boolean withoutError);
    }

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = Libc.state(arena);
    private final MemorySegment sin = arena.allocate(SIN_SIZE, 4);
    private final MemorySegment sin6 = arena.allocate(SIN6_SIZE, 4);
    private final MemorySegment error = arena.allocate(JAVA_INT);
    private final MemorySegment errorSize = arena.allocate(JAVA_INT);
    private final MemorySegment buffer = arena.allocate(BUFFER);
    private MemorySegment pollfds = arena.allocate((long) FIRST * POLLFD, 4);

    /** socket(2) for connections to such an address; it never blocks. Returns the file descriptor, or {@code -errno}. */
    public int socket(InetAddress to) {
        return Libc.socket(state, to instanceof Inet6Address ? AF_INET6 : AF_INET, STREAM, 0);
    }

    /**
     * connect(2). Returns 0 if the connection is established, {@code -EINPROGRESS} if {@link #poll} will report it, or another
     * {@code -errno}.
     *
     * @param port 0 to 65535
     */
    public int connect(int fd, InetAddress to, int port) {
        boolean v6 = to instanceof Inet6Address;
        MemorySegment name = v6 ? sin6 : sin;
        name.set(JAVA_SHORT, 0, (short) (v6 ? AF_INET6 : AF_INET));
        name.set(JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), PORT_AT, (short) port);
        byte[] address = to.getAddress();
        MemorySegment.copy(address, 0, name, JAVA_BYTE, v6 ? SIN6_ADDRESS_AT : SIN_ADDRESS_AT, address.length);
        if (to instanceof Inet6Address scoped) {
            name.set(JAVA_INT, SIN6_SCOPE_AT, scoped.getScopeId());
        }
        return Libc.connect(state, fd, name);
    }

    /** Calls each connection whose event has occurred. Does not wait. */
    public void poll(List<? extends Waiting> all) {
        if (pollfds.byteSize() < (long) all.size() * POLLFD) {
            pollfds = arena.allocate(2L * all.size() * POLLFD, 4);
        }
        for (int i = 0; i < all.size(); i++) {
            long at = (long) i * POLLFD;
            pollfds.set(JAVA_INT, at, all.get(i).fd());
            pollfds.set(JAVA_SHORT, at + EVENTS_AT, all.get(i).events());
            pollfds.set(JAVA_SHORT, at + REVENTS_AT, (short) 0);
        }
        if (Libc.poll(state, pollfds, all.size(), 0) <= 0) {
            return;
        }
        for (int i = 0; i < all.size(); i++) {
            short events = pollfds.get(JAVA_SHORT, (long) i * POLLFD + REVENTS_AT);
            if (events != 0) {
                all.get(i).ready((events & POLLERR) == 0);
            }
        }
    }

    /** send(2) of the bytes of an array from an index on. Returns how many were sent, or {@code -errno}. */
    public int send(int fd, byte[] bytes, int from) {
        int length = Math.min(bytes.length - from, BUFFER);
        MemorySegment.copy(bytes, from, buffer, JAVA_BYTE, 0, length);
        return (int) Libc.send(state, fd, buffer.asSlice(0, length), NO_SIGNAL);
    }

    /** recv(2). Up to 16 KiB; no bytes at the end of the stream; or an errno. */
    public Received receive(int fd) {
        int n = (int) Libc.recv(state, fd, buffer, 0);
        return n < 0
                ? new Received(new byte[0], -n)
                : new Received(buffer.asSlice(0, n).toArray(JAVA_BYTE), 0);
    }

    /**
     * The result of {@link #receive}.
     *
     * @param errno 0, or the (positive) error number
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Received(byte[] bytes, int errno) {}

    /** {@code SO_ERROR}: 0, or the (positive) errno with which the connection failed. */
    public int error(int fd) {
        errorSize.set(JAVA_INT, 0, (int) error.byteSize());
        int result = Libc.getsockopt(state, fd, SO_ERROR, error, errorSize);
        return result == 0 ? error.get(JAVA_INT, 0) : -result;
    }

    /** Releases its memory. No method may be called after that. */
    @Override
    public void close() {
        arena.close();
    }
}
