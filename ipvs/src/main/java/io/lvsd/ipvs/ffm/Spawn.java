package io.lvsd.ipvs.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Programs as children of this process, without a thread for each, and with their wait status as the kernel returns it: the
 * JDK reports a death by signal N and the exit status 128 + N as the same number. Thread-safe.
 */
public final class Spawn {
    private static final FunctionDescriptor ONE = FunctionDescriptor.of(JAVA_INT, ADDRESS);
    private static final FunctionDescriptor TWO = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);
    private static final FunctionDescriptor NUMBER = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT);

    private static final MethodHandle SPAWN = Libc.function(
            "posix_spawnp", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle ATTRIBUTES = Libc.function("posix_spawnattr_init", ONE);
    private static final MethodHandle ATTRIBUTES_DESTROY = Libc.function("posix_spawnattr_destroy", ONE);
    private static final MethodHandle FLAGS =
            Libc.function("posix_spawnattr_setflags", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
    private static final MethodHandle MASK = Libc.function("posix_spawnattr_setsigmask", TWO);
    private static final MethodHandle DEFAULTS = Libc.function("posix_spawnattr_setsigdefault", TWO);
    private static final MethodHandle ACTIONS = Libc.function("posix_spawn_file_actions_init", ONE);
    private static final MethodHandle ACTIONS_DESTROY = Libc.function("posix_spawn_file_actions_destroy", ONE);
    private static final MethodHandle OPEN = Libc.function(
            "posix_spawn_file_actions_addopen",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = Libc.function("posix_spawn_file_actions_addclose", NUMBER);
    private static final MethodHandle CHDIR = Libc.function("posix_spawn_file_actions_addchdir_np", TWO);
    /** Since version 2.34 of the GNU C library. */
    private static final Optional<MethodHandle> CLOSE_FROM =
            Libc.functionIfAny("posix_spawn_file_actions_addclosefrom_np", NUMBER);

    /** {@code POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID}, spawn.h. */
    private static final short SIGNALS_AND_SESSION = 0x04 | 0x08 | 0x80;
    /** No less than any of {@code posix_spawnattr_t}, {@code posix_spawn_file_actions_t} and {@code sigset_t} (336, 80, 128). */
    private static final int ROOM = 1_024;

    private static final int SIGSET = 128;
    private static final int O_RDWR = 2;
    private static final int FIRST_OTHER = 3;

    private Spawn() {}

    /**
     * Starts a program in a session and process group of its own, in the directory {@code /}, with nothing on its standard
     * streams, no other descriptor, no signal blocked and none ignored. It becomes a child of the calling thread. What was
     * started must be reaped.
     *
     * @param argv the program, found on the PATH of this process, and its arguments
     * @param environment all of it
     * @return its process id, or {@code -errno}
     */
    public static int start(List<String> argv, Map<String, String> environment) {
        return start(argv, environment, CLOSE_FROM);
    }

    /** As above; without a function that closes descriptors from a number on, those that are open now are closed one by one. */
    static int start(List<String> argv, Map<String, String> environment, Optional<MethodHandle> closeFrom) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ROOM, 16);
            MemorySegment actions = arena.allocate(ROOM, 16);
            require((int) ATTRIBUTES.invokeExact(attributes));
            require((int) ACTIONS.invokeExact(actions));
            try {
                signals(arena, attributes);
                files(arena, actions, closeFrom);
                MemorySegment pid = arena.allocate(JAVA_INT);
                MemorySegment file = arena.allocateFrom(argv.getFirst());
                MemorySegment words = strings(arena, argv);
                MemorySegment variables = strings(
                        arena,
                        environment.entrySet().stream()
                                .map(e -> e.getKey() + "=" + e.getValue())
                                .toList());
                int error = (int) SPAWN.invokeExact(pid, file, actions, attributes, words, variables);
                return error == 0 ? pid.get(JAVA_INT, 0) : -error;
            } finally {
                int _ = (int) ATTRIBUTES_DESTROY.invokeExact(attributes);
                int _ = (int) ACTIONS_DESTROY.invokeExact(actions);
            }
        } catch (OutOfMemoryError e) {
            return -Errno.ENOMEM.number();
        } catch (Throwable t) {
            throw new AssertionError("posix_spawnp", t);
        }
    }

    private static void signals(Arena arena, MemorySegment attributes) throws Throwable {
        MemorySegment none = arena.allocate(SIGSET, 8);
        MemorySegment all = arena.allocate(SIGSET, 8).fill((byte) 0xff);
        require((int) FLAGS.invokeExact(attributes, SIGNALS_AND_SESSION));
        require((int) MASK.invokeExact(attributes, none));
        require((int) DEFAULTS.invokeExact(attributes, all));
    }

    private static void files(Arena arena, MemorySegment actions, Optional<MethodHandle> closeFrom) throws Throwable {
        MemorySegment nothing = arena.allocateFrom("/dev/null");
        for (int stream = 0; stream < FIRST_OTHER; stream++) {
            require((int) OPEN.invokeExact(actions, stream, nothing, O_RDWR, 0));
        }
        require((int) CHDIR.invokeExact(actions, arena.allocateFrom("/")));
        if (closeFrom.isPresent()) {
            require((int) closeFrom.get().invokeExact(actions, FIRST_OTHER));
            return;
        }
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path path : open) {
                int fd = Integer.parseInt(String.valueOf(path.getFileName()));
                if (fd >= FIRST_OTHER) {
                    require((int) CLOSE.invokeExact(actions, fd));
                }
            }
        }
    }

    private static void require(int error) throws IOException {
        if (error == Errno.ENOMEM.number()) {
            throw new OutOfMemoryError("posix_spawn");
        }
        if (error != 0) {
            throw new IOException(Errno.describe(error));
        }
    }

    /** An array of pointers to strings, with a null pointer behind the last. */
    private static MemorySegment strings(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate(ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        return array;
    }
}
