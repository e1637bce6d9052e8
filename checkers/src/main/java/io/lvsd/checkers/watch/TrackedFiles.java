package io.lvsd.checkers.watch;

import io.lvsd.checkers.health.FileRule;
import io.lvsd.conf.model.TrackFile;
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
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows numbers in files by inotify, on a thread of its own. A file is read when a writer has closed it or another was
 * moved in its place; deleted or moved away it counts as 0. A file that is found empty while somebody writes to it keeps
 * its number until that writer has closed it.
 */
final class TrackedFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrackedFiles.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    /** How long a file may be empty before that counts as 0. */
    private static final Duration EMPTY = Duration.ofMillis(50);

    private static final int MAX_LENGTH = 4_096;

    private static final class Tracked {
        private final Path file;
        private final List<IntConsumer> listeners = new ArrayList<>();
        private int value;
        private boolean beingWritten;
        private boolean empty;

        Tracked(Path file) {
            this.file = file;
        }
    }

    private final Inotify inotify = new Inotify();
    // guarded by this
    private final Map<Path, Tracked> files = new HashMap<>();
    private final Map<Integer, Path> directories = new HashMap<>();
    private final Thread thread =
            Thread.ofPlatform().name("track-files").daemon().unstarted(this::follow);
    private volatile boolean closed;

    TrackedFiles() {
        thread.start();
    }

    /** Writes the number that a file is to begin with. */
    static void initialise(TrackFile file) {
        if (file.init().isEmpty() || Files.exists(file.file()) && !file.overwrite()) {
            return;
        }
        try {
            Files.writeString(
                    file.file(),
                    file.init().getAsInt() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            LOG.warn("event=track_file.failed file={} reason=\"cannot be written: {}\"", file.file(), e.toString());
        }
    }

    /** The number in a file now; 0 if there is no file, or no number in it. */
    static int valueOf(Path file) {
        return read(file).orElse(0);
    }

    private static OptionalInt read(Path file) {
        String text = text(file);
        return text.isBlank() ? OptionalInt.of(0) : FileRule.number(text);
    }

    private static String text(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_LENGTH), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }

    /** Tells a listener the number now, and each one that follows. */
    synchronized void follow(Path file, IntConsumer listener) {
        Path place = file.toAbsolutePath().normalize();
        Tracked tracked = files.computeIfAbsent(place, Tracked::new);
        Path directory = place.getParent() == null ? place : place.getParent();
        int watch = inotify.add(directory);
        if (watch < 0) {
            LOG.warn(
                    "event=track_file.failed file={} reason=\"its directory cannot be watched, errno {}\"",
                    file,
                    -watch);
        } else {
            directories.put(watch, directory);
        }
        tracked.value = valueOf(place);
        tracked.listeners.add(listener);
        listener.accept(tracked.value);
    }

    /** Stops telling a listener. */
    synchronized void forget(IntConsumer listener) {
        files.values().forEach(t -> t.listeners.remove(listener));
        files.values().removeIf(t -> t.listeners.isEmpty());
    }

    private void follow() {
        while (!closed) {
            boolean undecided = isUndecided();
            List<Change> changes = inotify.read(undecided ? EMPTY : PATIENCE);
            synchronized (this) {
                changes.forEach(this::note);
                files.values().forEach(t -> settle(t, changes.isEmpty()));
            }
        }
        inotify.close();
    }

    private synchronized boolean isUndecided() {
        return files.values().stream().anyMatch(t -> t.empty && !t.beingWritten);
    }

    private void note(Change change) {
        if ((change.mask() & Inotify.IN_Q_OVERFLOW) != 0) {
            files.values().forEach(t -> look(t));
            return;
        }
        Path directory = directories.get(change.watch());
        Tracked tracked = directory == null ? null : files.get(directory.resolve(change.name()));
        if (tracked == null) {
            return;
        }
        if ((change.mask() & (Inotify.IN_DELETE | Inotify.IN_MOVED_FROM)) != 0) {
            tracked.beingWritten = false;
            tracked.empty = false;
            tell(tracked, 0);
        } else if ((change.mask() & Inotify.IN_MODIFY) != 0) {
            tracked.beingWritten = true;
        } else if ((change.mask() & (Inotify.IN_CLOSE_WRITE | Inotify.IN_MOVED_TO)) != 0) {
            tracked.beingWritten = false;
            look(tracked);
        }
    }

    private void look(Tracked tracked) {
        String text = text(tracked.file);
        tracked.empty = text.isBlank();
        if (!tracked.empty) {
            FileRule.number(text).ifPresent(value -> tell(tracked, value));
        }
    }

    /** An empty file that nobody writes to, and nothing has happened since it was looked at: so it is meant. */
    private void settle(Tracked tracked, boolean quiet) {
        if (tracked.empty && !tracked.beingWritten && quiet) {
            look(tracked);
            if (tracked.empty) {
                tracked.empty = false;
                tell(tracked, 0);
            }
        }
    }

    private static void tell(Tracked tracked, int value) {
        if (value != tracked.value) {
            tracked.value = value;
            List.copyOf(tracked.listeners).forEach(l -> l.accept(value));
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
