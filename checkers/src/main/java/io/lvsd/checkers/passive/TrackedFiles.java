package io.lvsd.checkers.passive;

import io.lvsd.checkers.files.RegularFile;
import io.lvsd.checkers.health.FileRule;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.value.TrackFile;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.ffm.Inotify;
import io.lvsd.ipvs.ffm.Inotify.Change;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks the numbers in files with inotify, on a thread of its own. A file is read when a writer has closed it or another file
 * was renamed to it. A file that is deleted or renamed has the number 0, also if this happens to its directory, which may be
 * created later or again. An empty file keeps its number until it was not written to for a while. If no inotify instance or
 * watch is available, the file is read twice a second.
 */
final class TrackedFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrackedFiles.class);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);
    /**
     * An empty file has the number 0 after this time. A truncation is visible before its event: on a busy file system, by
     * hundreds of milliseconds.
     */
    private static final long EMPTY_NANOS = 2_000_000_000L;

    private static final int MAX_LENGTH = 4_096;

    private static final class Tracked {
        private final Path file;
        private final List<IntConsumer> listeners = new ArrayList<>();
        private int value;
        private boolean beingWritten;
        private boolean empty;
        /** {@link System#nanoTime}, while {@link #empty}. */
        private long emptySince;

        private boolean warned;

        Tracked(Path file) {
            this.file = file;
        }
    }

    private final Optional<Inotify> inotify;
    // guarded by this
    private final Map<Path, Tracked> files = new HashMap<>();
    private final Map<Integer, Path> directories = new HashMap<>();
    private final Thread thread =
            Thread.ofPlatform().name("track-files").daemon().unstarted(this::follow);
    private volatile boolean closed;

    TrackedFiles() {
        this(openInotify());
    }

    /** @param inotify empty if no instance is available */
    TrackedFiles(Optional<Inotify> inotify) {
        this.inotify = inotify;
        thread.start();
    }

    private static Optional<Inotify> openInotify() {
        try {
            return Optional.of(new Inotify());
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("reason", IoReason.of(e))
                    .addKeyValue("effect", "files are read twice a second")
                    .log("track_file.failed");
            return Optional.empty();
        }
    }

    /** Whether {@code init_file} writes the file at the start. */
    private static boolean isInitialised(TrackFile file) {
        return file.init().isPresent() && (file.overwrite() || !Files.exists(file.file()));
    }

    /** The number that {@link #initialise} would leave in a file. */
    static int initialValue(TrackFile file) {
        return isInitialised(file) ? file.init().getAsInt() : valueOf(file.file());
    }

    /** Writes the configured initial number. */
    static void initialise(TrackFile file) {
        if (!isInitialised(file)) {
            return;
        }
        try {
            if (Files.exists(file.file()) && !Files.isRegularFile(file.file())) {
                throw new IOException("not a regular file");
            }
            Files.writeString(
                    file.file(),
                    file.init().getAsInt() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("file", file.file())
                    .addKeyValue("reason", "cannot write: " + IoReason.of(e))
                    .log("track_file.failed");
        }
    }

    /** The number in a file now; 0 if the file does not exist or has no number. */
    static int valueOf(Path file) {
        return read(file).orElse(0);
    }

    private static OptionalInt read(Path file) {
        String text = text(file);
        return text.isBlank() ? OptionalInt.of(0) : FileRule.number(text);
    }

    private static String text(Path file) {
        try {
            return new String(RegularFile.head(file, MAX_LENGTH), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }

    /** Reports the current number, and each later one, to a listener. */
    synchronized void follow(Path file, IntConsumer listener) {
        Path path = file.toAbsolutePath().normalize();
        Tracked tracked = files.computeIfAbsent(path, Tracked::new);
        watch(tracked);
        if (tracked.listeners.isEmpty()) {
            tracked.value = valueOf(path);
        } else {
            // A change is reported to the other listeners, too: the event of the kernel will find no difference.
            read(tracked);
        }
        tracked.listeners.add(listener);
        notifyAll();
        listener.accept(tracked.value);
    }

    private static Path directoryOf(Path file) {
        return file.getParent() == null ? file : file.getParent();
    }

    private boolean isWatched(Tracked tracked) {
        return directories.containsValue(directoryOf(tracked.file));
    }

    private void watch(Tracked tracked) {
        Path directory = directoryOf(tracked.file);
        if (inotify.isEmpty() || isWatched(tracked)) {
            return;
        }
        int watch = inotify.get().add(directory);
        if (watch < 0) {
            if (!tracked.warned) {
                tracked.warned = true;
                LOG.atWarn()
                        .addKeyValue("file", tracked.file)
                        .addKeyValue("reason", "cannot watch its directory: " + Errno.describe(-watch))
                        .log("track_file.failed");
            }
            return;
        }
        tracked.warned = false;
        directories.put(watch, directory);
    }

    /** Removes a listener. */
    synchronized void forget(IntConsumer listener) {
        files.values().forEach(t -> t.listeners.remove(listener));
        files.values().removeIf(t -> t.listeners.isEmpty());
    }

    private void follow() {
        while (awaitWork()) {
            List<Change> changes = nextChanges();
            synchronized (this) {
                changes.forEach(this::handle);
                files.values().forEach(this::checkEmpty);
                List<Tracked> unwatched =
                        files.values().stream().filter(t -> !isWatched(t)).toList();
                unwatched.forEach(this::watch);
                unwatched.forEach(TrackedFiles::read);
            }
        }
        inotify.ifPresent(Inotify::close);
    }

    /** False when closed. */
    private synchronized boolean awaitWork() {
        try {
            while (files.isEmpty() && !closed) {
                wait();
            }
        } catch (InterruptedException _) {
            return false;
        }
        return !closed;
    }

    private List<Change> nextChanges() {
        if (inotify.isPresent()) {
            return inotify.get().read(POLL_INTERVAL);
        }
        LockSupport.parkNanos(POLL_INTERVAL.toNanos());
        return List.of();
    }

    private void handle(Change change) {
        if ((change.mask() & Inotify.IN_Q_OVERFLOW) != 0) {
            files.values().forEach(TrackedFiles::read);
            return;
        }
        if ((change.mask() & (Inotify.IN_IGNORED | Inotify.IN_MOVE_SELF)) != 0) {
            directoryRemoved(directories.remove(change.watch()));
            return;
        }
        Path directory = directories.get(change.watch());
        Tracked tracked = directory == null ? null : files.get(directory.resolve(change.name()));
        if (tracked == null) {
            return;
        }
        if ((change.mask() & (Inotify.IN_DELETE | Inotify.IN_MOVED_FROM)) != 0) {
            reportMissing(tracked);
        } else if ((change.mask() & Inotify.IN_MODIFY) != 0) {
            tracked.beingWritten = true;
        } else if ((change.mask() & (Inotify.IN_CLOSE_WRITE | Inotify.IN_MOVED_TO)) != 0) {
            tracked.beingWritten = false;
            read(tracked);
        }
    }

    private void directoryRemoved(@Nullable Path directory) {
        files.values().stream()
                .filter(t -> directoryOf(t.file).equals(directory))
                .forEach(TrackedFiles::reportMissing);
    }

    private static void reportMissing(Tracked tracked) {
        tracked.beingWritten = false;
        tracked.empty = false;
        report(tracked, 0);
    }

    private static void read(Tracked tracked) {
        String text = text(tracked.file);
        if (!text.isBlank()) {
            tracked.empty = false;
            FileRule.number(text).ifPresent(value -> report(tracked, value));
        } else if (!tracked.empty) {
            tracked.empty = true;
            tracked.emptySince = System.nanoTime();
        }
    }

    /** A file that remains empty without a writer has the number 0. */
    private void checkEmpty(Tracked tracked) {
        if (tracked.empty && !tracked.beingWritten && System.nanoTime() - tracked.emptySince >= EMPTY_NANOS) {
            read(tracked);
            if (tracked.empty) {
                reportMissing(tracked);
            }
        }
    }

    private static void report(Tracked tracked, int value) {
        if (value != tracked.value) {
            tracked.value = value;
            List.copyOf(tracked.listeners).forEach(l -> l.accept(value));
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
