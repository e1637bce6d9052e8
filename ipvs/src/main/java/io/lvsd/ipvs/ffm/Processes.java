package io.lvsd.ipvs.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Signals and child processes through the C library. Thread-safe. */
public final class Processes {
    private static final MethodHandle SIGNAL =
            Libc.downcall("signal", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));
    private static final MethodHandle SIGACTION =
            Libc.downcall("sigaction", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle KILL = Libc.downcall("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle WAITID =
            Libc.downcall("waitid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle WAITPID =
            Libc.downcall("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    /** {@code P_PID}, and {@code WEXITED | WNOWAIT}, linux/wait.h. */
    private static final int P_PID = 1;

    private static final int EXITED_KEEP = 4 | 0x01000000;
    /** bits/signum-generic.h. */
    private static final long SIG_IGN = 1;

    private static final long SIG_DFL = 0;
    /** More than {@code struct sigaction} has; its first member is the address of the handler. */
    private static final long SIGACTION_BYTES = 256;

    private static final long SIG_ERR = -1;

    private Processes() {}

    /** kill(2). A negative number names a process group. Returns 0 or {@code -errno}. */
    public static int kill(int pid, int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            int result = (int) KILL.invokeExact(state, pid, signal);
            return result >= 0 ? result : -Libc.errno(state);
        } catch (Throwable t) {
            throw new AssertionError("kill", t);
        }
    }

    /**
     * waitid(2): waits until a child has ended, and leaves it as it is, so that its process id is not used again. Blocks.
     * Returns 0 or {@code -errno}.
     */
    public static int awaitEnd(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            int result;
            do {
                result = (int) WAITID.invokeExact(state, P_PID, pid, MemorySegment.NULL, EXITED_KEEP);
            } while (result < 0 && Libc.errno(state) == Errno.EINTR.number());
            return result >= 0 ? result : -Libc.errno(state);
        } catch (Throwable t) {
            throw new AssertionError("waitid", t);
        }
    }

    /** waitpid(2): takes the wait status of a child, 0 or more, once it has ended. Blocks until then. Or {@code -errno}. */
    public static int reap(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            MemorySegment status = arena.allocate(JAVA_INT);
            int result;
            do {
                result = (int) WAITPID.invokeExact(state, pid, status, 0);
            } while (result < 0 && Libc.errno(state) == Errno.EINTR.number());
            return result >= 0 ? status.get(JAVA_INT, 0) : -Libc.errno(state);
        } catch (Throwable t) {
            throw new AssertionError("waitpid", t);
        }
    }

    /**
     * signal(2) with {@code SIG_IGN}, unless the signal has a handler: the whole process ignores it, and so do the programs that
     * it starts. The JDK handles the real-time signal {@code SIGRTMAX - 2}, by which it ends the system calls that wait for a
     * socket when that is closed.
     *
     * @param signal a number of signal(7)
     * @return whether the signal is ignored now
     */
    public static boolean ignoreSignal(int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            MemorySegment present = arena.allocate(SIGACTION_BYTES, Long.BYTES);
            int known = (int) SIGACTION.invokeExact(state, signal, MemorySegment.NULL, present);
            long handler = present.get(ADDRESS, 0).address();
            if (known < 0 || handler != SIG_DFL) {
                return known >= 0 && handler == SIG_IGN;
            }
            MemorySegment former = (MemorySegment) SIGNAL.invokeExact(state, signal, MemorySegment.ofAddress(SIG_IGN));
            return former.address() != SIG_ERR;
        } catch (Throwable t) {
            throw new AssertionError("signal", t);
        }
    }
}
