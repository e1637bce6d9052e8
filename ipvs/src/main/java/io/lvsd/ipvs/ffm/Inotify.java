package io.lvsd.ipvs.ffm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * inotify(7) on directories, {@code struct inotify_event} of linux/inotify.h. The watch service of the JDK does not report
 * that a writer has finished. {@link #add} may be called by any thread, the other methods by the reading one.
 */
public final class Inotify implements AutoCloseable {
    public static final int IN_MODIFY = 0x2;
    public static final int IN_CLOSE_WRITE = 0x8;
    public static final int IN_MOVED_FROM = 0x40;
    public static final int IN_MOVED_TO = 0x80;
    public static final int IN_DELETE = 0x200;
    public static final int IN_MOVE_SELF = 0x800;
    public static final int IN_Q_OVERFLOW = 0x4000;
    public static final int IN_IGNORED = 0x8000;

    /** {@code IN_NONBLOCK | IN_CLOEXEC}. */
    private static final int FLAGS = 0x800 | 0x80000;

    private static final int SIZE = 64 * 1024;
    private static final int HEADER = 16;

    private final int fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(SIZE, 8);

    /**
     * A change of a name in a watched directory.
     *
     * @param watch the number that {@link #add} returned; -1 with {@code IN_Q_OVERFLOW}
     * @param mask bits of {@code IN_…}
     * @param name without the directory; empty for the directory itself
     */
    public record Change(int watch, int mask, String name) {}

    /** @throws IOException if the kernel creates no inotify instance (fs.inotify.max_user_instances, descriptors) */
    public Inotify() throws IOException {
        fd = Libc.inotifyInit(FLAGS);
        if (fd < 0) {
            arena.close();
            throw new IOException("inotify_init1: " + Errno.describe(-fd));
        }
    }

    /** inotify_add_watch(2) on a directory. Returns the number of the watch, or {@code -errno}. */
    public int add(Path directory) {
        return Libc.inotifyAddWatch(
                fd,
                directory.toString(),
                IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_MOVE_SELF);
    }

    /** The changes, in order; none after this time without one. */
    public List<Change> read(Duration timeout) {
        int ready = Libc.pollIn(fd, (int) timeout.toMillis());
        if (ready <= 0) {
            return List.of();
        }
        long n = Libc.read(fd, buffer);
        List<Change> changes = new ArrayList<>();
        long at = 0;
        while (at + HEADER <= n) {
            int length = buffer.get(ValueLayout.JAVA_INT, at + 12);
            byte[] name = buffer.asSlice(at + HEADER, length).toArray(ValueLayout.JAVA_BYTE);
            int end = 0;
            while (end < name.length && name[end] != 0) {
                end++;
            }
            changes.add(new Change(
                    buffer.get(ValueLayout.JAVA_INT, at),
                    buffer.get(ValueLayout.JAVA_INT, at + 4),
                    new String(name, 0, end, StandardCharsets.UTF_8)));
            at += HEADER + length;
        }
        return changes;
    }

    @Override
    public void close() {
        int closed = Libc.close(fd);
        assert closed <= 0;
        arena.close();
    }
}
