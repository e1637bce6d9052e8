package io.lvsd.ipvs.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

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

    /** {@code O_RDONLY | O_CLOEXEC}, asm-generic/fcntl.h. */
    public static final int O_RDONLY_CLOEXEC = 02000000;

    /** {@code O_RDONLY | O_NONBLOCK | O_CLOEXEC}, asm-generic/fcntl.h: opening a FIFO does not wait for a writer. */
    public static final int O_RDONLY_NONBLOCK_CLOEXEC = 04000 | 02000000;

    /** {@code O_RDWR | O_NONBLOCK | O_CLOEXEC}, asm-generic/fcntl.h. */
    public static final int O_RDWR_NONBLOCK_CLOEXEC = 2 | 04000 | 02000000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET =
            downcall("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            downcall("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CONNECT =
            downcall("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKOPT =
            downcall("getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SETSOCKOPT =
            downcall("setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SEND =
            downcall("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECV =
            downcall("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle CLOSE = downcall("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private static final MethodHandle DUP2 = downcall("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SETNS = downcall("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle GETEUID = downcall("geteuid", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle CLOCK_GETTIME =
            downcall("clock_gettime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    /** {@code CLOCK_THREAD_CPUTIME_ID}, linux/time.h. */
    private static final int CLOCK_THREAD_CPUTIME_ID = 3;
    /** {@code CLOCK_BOOTTIME}, linux/time.h. */
    private static final int CLOCK_BOOTTIME = 7;
    /** {@code struct timespec} of a 64-bit machine: {@code long tv_sec, tv_nsec}. */
    private static final long TIMESPEC = 16;

    private static final long NSEC_AT = 8;

    private static final MethodHandle INOTIFY_INIT1 =
            downcall("inotify_init1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle INOTIFY_ADD_WATCH =
            downcall("inotify_add_watch", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle POLL =
            downcall("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle READ =
            downcall("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            downcall("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle MKFIFO = downcall("mkfifo", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    /** Variadic in the C library: the third argument is for files that are made, and given here all the same. */
    private static final MethodHandle OPEN = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2),
            Linker.Option.captureCallState("errno"));

    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    /** {@code POLLIN}, asm-generic/poll.h. */
    private static final short POLLIN = 1;

    private Libc() {}

    /** A function of the C library that sets errno: its first argument is {@link #state}. */
    static MethodHandle downcall(String name, FunctionDescriptor signature) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), signature, Linker.Option.captureCallState("errno"));
    }

    /** A shared library by its file name, loaded for as long as {@code life} is open; empty if this host does not have it. */
    static Optional<SymbolLookup> library(String file, Arena life) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(file, life));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** A function of another library than the C library; errno is not captured. */
    static MethodHandle function(SymbolLookup library, String name, FunctionDescriptor signature) {
        return LINKER.downcallHandle(library.findOrThrow(name), signature);
    }

    /** A function of the C library that returns its error instead of setting errno. */
    static MethodHandle function(String name, FunctionDescriptor signature) {
        return function(LINKER.defaultLookup(), name, signature);
    }

    /** As {@link #function(String, FunctionDescriptor)}, for one that not every version of the C library has. */
    static Optional<MethodHandle> functionIfAny(String name, FunctionDescriptor signature) {
        return LINKER.defaultLookup().find(name).map(address -> LINKER.downcallHandle(address, signature));
    }

    /** A function pointer to a Java method that must not throw; valid for as long as {@code life} is open. */
    static MemorySegment callback(MethodHandle method, FunctionDescriptor signature, Arena life) {
        return LINKER.upcallStub(method, signature, life);
    }

    /** A pointer to at least {@code bytes} readable bytes. */
    static AddressLayout pointerTo(long bytes) {
        return ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(bytes, JAVA_BYTE));
    }

    /** socket(2). Returns the file descriptor, or {@code -errno}. */
    public static int socket(int domain, int type, int protocol) {
        try (Arena arena = Arena.ofConfined()) {
            return socket(state(arena), domain, type, protocol);
        }
    }

    /** What calls that are made often put errno into: {@link #CALL_STATE}, kept by their caller. */
    static MemorySegment state(Arena arena) {
        return arena.allocate(CALL_STATE);
    }

    /** socket(2). Returns the file descriptor, or {@code -errno}. */
    static int socket(MemorySegment state, int domain, int type, int protocol) {
        try {
            int fd = (int) SOCKET.invokeExact(state, domain, type, protocol);
            return fd >= 0 ? fd : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("socket", t);
        }
    }

    /** connect(2) to a {@code struct sockaddr}. Returns 0 or {@code -errno}. */
    static int connect(MemorySegment state, int fd, MemorySegment address) {
        try {
            int result = (int) CONNECT.invokeExact(state, fd, address, (int) address.byteSize());
            return result >= 0 ? result : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("connect", t);
        }
    }

    /** getsockopt(2) of an {@code int} value; {@code length} is 4. Returns 0 or {@code -errno}. */
    static int getsockopt(MemorySegment state, int fd, int option, MemorySegment value, MemorySegment length) {
        try {
            int result = (int) GETSOCKOPT.invokeExact(state, fd, SOL_SOCKET, option, value, length);
            return result >= 0 ? result : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("getsockopt", t);
        }
    }

    /** send(2). Returns the number of bytes sent, or {@code -errno}. */
    static long send(MemorySegment state, int fd, MemorySegment data, int flags) {
        try {
            long sent = (long) SEND.invokeExact(state, fd, data, data.byteSize(), flags);
            return sent >= 0 ? sent : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("send", t);
        }
    }

    /** recv(2). Returns the number of bytes, or the datagram's full length with MSG_TRUNC, or {@code -errno}. */
    static long recv(MemorySegment state, int fd, MemorySegment buffer, int flags) {
        try {
            long n = (long) RECV.invokeExact(state, fd, buffer, buffer.byteSize(), flags);
            return n >= 0 ? n : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("recv", t);
        }
    }

    /** poll(2) of {@code count} times {@code struct pollfd}. Returns how many have events, or {@code -errno}. */
    static int poll(MemorySegment state, MemorySegment pollfds, long count, int millis) {
        try {
            int ready = (int) POLL.invokeExact(state, pollfds, count, millis);
            return ready >= 0 ? ready : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("poll", t);
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

    /**
     * {@code SO_ATTACH_FILTER}: classic BPF, linux/filter.h. Each instruction is {@code code << 48 | jt << 40 | jf << 32 | k}.
     * Returns 0 or {@code -errno}.
     */
    public static int attachFilter(int fd, long... instructions) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocate(8L * instructions.length, 8);
            for (int i = 0; i < instructions.length; i++) {
                long instruction = instructions[i];
                code.set(JAVA_SHORT, 8L * i, (short) (instruction >>> 48));
                code.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 8L * i + 2, (byte) (instruction >>> 40));
                code.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 8L * i + 3, (byte) (instruction >>> 32));
                code.set(JAVA_INT, 8L * i + 4, (int) instruction);
            }
            MemorySegment program = arena.allocate(16, 8);
            program.set(JAVA_SHORT, 0, (short) instructions.length);
            program.set(ADDRESS, 8, code);
            return setsockopt(arena, fd, SOL_SOCKET, SO_ATTACH_FILTER, program);
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
            MemorySegment data = arena.allocate(Math.max(1, datagram.length));
            MemorySegment.copy(datagram, 0, data, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, datagram.length);
            return send(state(arena), fd, data.asSlice(0, datagram.length), 0);
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

    /** inotify_init1(2). Returns the file descriptor, or {@code -errno}. */
    static int inotifyInit(int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int fd = (int) INOTIFY_INIT1.invokeExact(state, flags);
            return fd >= 0 ? fd : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("inotify_init1", t);
        }
    }

    /** inotify_add_watch(2). Returns the number of the watch, or {@code -errno}. */
    static int inotifyAddWatch(int fd, String path, int mask) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int watch = (int) INOTIFY_ADD_WATCH.invokeExact(state, fd, arena.allocateFrom(path), mask);
            return watch >= 0 ? watch : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("inotify_add_watch", t);
        }
    }

    /** poll(2) for one descriptor to become readable. Returns 1, 0 after {@code millis}, or {@code -errno}. Blocks. */
    static int pollIn(int fd, int millis) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pollfd = arena.allocate(8, 4);
            pollfd.set(JAVA_INT, 0, fd);
            pollfd.set(JAVA_SHORT, 4, POLLIN);
            return poll(state(arena), pollfd, 1, millis);
        }
    }

    /** read(2). Returns the number of bytes, or {@code -errno}. */
    static long read(int fd, MemorySegment buffer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long n = (long) READ.invokeExact(state, fd, buffer, buffer.byteSize());
            return n >= 0 ? n : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("read", t);
        }
    }

    /** write(2). Returns the number of bytes written, or {@code -errno}. */
    public static long write(int fd, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            MemorySegment data = arena.allocate(Math.max(1, bytes.length));
            MemorySegment.copy(bytes, 0, data, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, bytes.length);
            long n = (long) WRITE.invokeExact(state, fd, data, (long) bytes.length);
            return n >= 0 ? n : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("write", t);
        }
    }

    /** mkfifo(3). Returns 0 or {@code -errno}. */
    public static int mkfifo(String path, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) MKFIFO.invokeExact(state, arena.allocateFrom(path), mode);
            return result >= 0 ? result : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("mkfifo", t);
        }
    }

    /** open(2) of what is there. Returns the file descriptor, or {@code -errno}. */
    public static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags, 0);
            return fd >= 0 ? fd : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("open", t);
        }
    }

    /** dup2(2): makes {@code target} a copy of {@code fd}. Returns {@code target}, or {@code -errno}. */
    public static int dup2(int fd, int target) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) DUP2.invokeExact(state, fd, target);
            return result >= 0 ? result : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("dup2", t);
        }
    }

    /** setns(2), for the calling thread. Returns 0 or {@code -errno}. */
    public static int setns(int fd, int type) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) SETNS.invokeExact(state, fd, type);
            return result >= 0 ? result : -errno(state);
        } catch (Throwable t) {
            throw new AssertionError("setns", t);
        }
    }

    /** geteuid(2): the effective user. */
    public static int geteuid() {
        try (Arena arena = Arena.ofConfined()) {
            return (int) GETEUID.invokeExact(arena.allocate(CALL_STATE));
        } catch (Throwable t) {
            throw new AssertionError("geteuid", t);
        }
    }

    /**
     * clock_gettime(2) of {@code CLOCK_BOOTTIME}: milliseconds since the boot, with those during which the machine was
     * suspended; it cannot be set. Any thread.
     */
    public static long bootMillis() {
        return TimeUnit.NANOSECONDS.toMillis(clock(CLOCK_BOOTTIME));
    }

    /**
     * clock_gettime(2) of {@code CLOCK_THREAD_CPUTIME_ID}: nanoseconds of CPU time, in user space and in the kernel, that the
     * calling thread has used. Any platform thread.
     */
    public static long threadCpuNanos() {
        return clock(CLOCK_THREAD_CPUTIME_ID);
    }

    private static long clock(int id) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(TIMESPEC, Long.BYTES);
            int result = (int) CLOCK_GETTIME.invokeExact(state(arena), id, time);
            if (result != 0) {
                throw new IllegalStateException("clock_gettime fails");
            }
            return TimeUnit.SECONDS.toNanos(time.get(JAVA_LONG, 0)) + time.get(JAVA_LONG, NSEC_AT);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("clock_gettime", t);
        }
    }

    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }
}
