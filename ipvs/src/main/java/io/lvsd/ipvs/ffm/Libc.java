package io.lvsd.ipvs.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The system calls that the JDK does not offer, through the C library. Every call returns its result or {@code -errno},
 * as the kernel itself does; errno is captured within the call, so no other thread can disturb it.
 */
@SuppressWarnings("restricted")
public final class Libc {
    /** {@code AF_NETLINK}, linux/socket.h. */
    public static final int AF_NETLINK = 16;
    /** {@code SOCK_RAW | SOCK_CLOEXEC}, bits/socket_type.h. */
    public static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET =
            downcall("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            downcall("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SETSOCKOPT =
            downcall("setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SEND =
            downcall("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECV =
            downcall("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle CLOSE = downcall("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private Libc() {}

    private static MethodHandle downcall(String name, FunctionDescriptor signature) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), signature, Linker.Option.captureCallState("errno"));
    }

    /** socket(2). Returns the file descriptor, or {@code -errno}. */
    public static int socket(int domain, int type, int protocol) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int fd = (int) SOCKET.invokeExact(state, domain, type, protocol);
            return fd >= 0 ? fd : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("socket", t);
        }
    }

    /** bind(2) of a netlink socket to {@code address}. Returns 0 or {@code -errno}. */
    public static int bind(int fd, SockaddrNl address) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            MemorySegment name = address.allocate(arena);
            int result = (int) BIND.invokeExact(state, fd, name, (int) name.byteSize());
            return result >= 0 ? result : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("bind", t);
        }
    }

    /** setsockopt(2) with an {@code int} value. Returns 0 or {@code -errno}. */
    public static int setsockopt(int fd, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment optval = arena.allocate(JAVA_INT);
            optval.set(JAVA_INT, 0, value);
            return setsockopt(arena, fd, level, option, optval);
        }
    }

    /** setsockopt(2) with a {@code struct timeval}, as {@code SO_RCVTIMEO} takes it. Returns 0 or {@code -errno}. */
    public static int setsockopt(int fd, int level, int option, java.time.Duration value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timeval = arena.allocate(JAVA_LONG, 2);
            timeval.setAtIndex(JAVA_LONG, 0, value.getSeconds());
            timeval.setAtIndex(JAVA_LONG, 1, value.getNano() / 1_000);
            return setsockopt(arena, fd, level, option, timeval);
        }
    }

    private static int setsockopt(Arena arena, int fd, int level, int option, MemorySegment value) {
        try {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) SETSOCKOPT.invokeExact(state, fd, level, option, value, (int) value.byteSize());
            return result >= 0 ? result : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("setsockopt", t);
        }
    }

    /** send(2). Returns the number of bytes sent, or {@code -errno}. Blocks while the socket's buffer is full. */
    public static long send(int fd, byte[] datagram) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            MemorySegment data = arena.allocate(Math.max(1, datagram.length));
            MemorySegment.copy(datagram, 0, data, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, datagram.length);
            long sent = (long) SEND.invokeExact(state, fd, data, (long) datagram.length, 0);
            return sent >= 0 ? sent : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("send", t);
        }
    }

    /** recv(2). Returns the datagram's full length (may exceed {@code buffer} with MSG_TRUNC), or {@code -errno}. Blocks. */
    static long recv(int fd, MemorySegment buffer, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long n = (long) RECV.invokeExact(state, fd, buffer, buffer.byteSize(), flags);
            return n >= 0 ? n : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("recv", t);
        }
    }

    /** close(2). Returns 0 or {@code -errno}. */
    public static int close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) CLOSE.invokeExact(state, fd);
            return result >= 0 ? result : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("close", t);
        }
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }
}
