package io.lvsd.conf.syntax;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The inputs of a load: the files that it read, and what the patterns of includes matched. As long as all of that is
 * the same, another load would come to the same. Files are compared by their text, which blocks that are used again keep
 * anyway: a digest of a large file costs several times as much. Used by the thread that loads.
 */
public final class Inputs {
    private static final ScopedValue<Inputs> CURRENT = ScopedValue.newInstance();

    /** A pattern, and the directory that it is relative to. */
    private record Glob(Path directory, String pattern) {}

    /** What decides whether a file may be included. */
    private record Access(boolean regular, Set<PosixFilePermission> permissions) {
        static Access of(Path file) throws IOException {
            return new Access(Files.isRegularFile(file), Files.getPosixFilePermissions(file));
        }
    }

    private record Known(TextFiles.Content content, Access access) {}

    /** Empty: the file could not be read. */
    private final Map<Path, Optional<Known>> files = new HashMap<>();

    private final Map<Glob, List<Path>> globs = new HashMap<>();
    private boolean repeatable = true;

    /** For the files that are read, one after the other. */
    private final FileBytes bytes;

    /** What the files of the former load contained when they were compared. */
    private final Map<Path, TextFiles.Content> compared = new HashMap<>();

    /** What the files of the former load contained when it read them. */
    private final Map<Path, TextFiles.Content> former = new HashMap<>();

    /** Of the first load. */
    public Inputs() {
        this(new FileBytes());
    }

    private Inputs(FileBytes bytes) {
        this.bytes = bytes;
    }

    /** For the next load, which need not read again what {@link #isUnchanged} has read. */
    public Inputs next() {
        Inputs next = new Inputs(bytes);
        next.compared.putAll(compared);
        files.forEach((file, known) -> known.ifPresent(k -> next.former.put(file, k.content())));
        return next;
    }

    /** Loads, and records the inputs. */
    public <T> T note(Supplier<T> load) {
        try {
            return ScopedValue.where(CURRENT, this).call(load::get);
        } finally {
            compared.clear();
            former.clear();
            bytes.release();
        }
    }

    /** The content of a file, which is an input of the load. */
    static TextFiles.Content content(Path file) throws IOException {
        if (!CURRENT.isBound()) {
            return TextFiles.read(file, TextFiles.MAX_BYTES, new FileBytes());
        }
        Inputs inputs = CURRENT.get();
        try {
            TextFiles.Content content = inputs.compared.remove(file);
            if (content == null) {
                TextFiles.Content before = inputs.former.get(file);
                content = before == null
                        ? TextFiles.read(file, TextFiles.MAX_BYTES, inputs.bytes)
                        : TextFiles.read(file, TextFiles.MAX_BYTES, inputs.bytes, before);
            }
            inputs.files.put(file, Optional.of(new Known(content, Access.of(file))));
            return content;
        } catch (IOException e) {
            noFile(file);
            throw e;
        }
    }

    /** A file was to be read, and could not be. */
    static void noFile(Path file) {
        if (CURRENT.isBound()) {
            CURRENT.get().files.put(file, Optional.empty());
        }
    }

    /** A pattern was matched. */
    static void glob(Path directory, String pattern, List<Path> matches) {
        if (CURRENT.isBound()) {
            CURRENT.get().globs.put(new Glob(directory, pattern), matches);
        }
    }

    /** An input was used that differs every time. */
    static void unrepeatable() {
        if (CURRENT.isBound()) {
            CURRENT.get().repeatable = false;
        }
    }

    /** Whether all is as it was. Reads the files. */
    public boolean isUnchanged() {
        compared.clear();
        return repeatable
                && !files.isEmpty()
                && globs.entrySet().stream()
                        .allMatch(g -> IncludeGlob.matches(
                                        g.getKey().directory(), g.getKey().pattern())
                                .equals(g.getValue()))
                && files.entrySet().stream()
                        .allMatch(f ->
                                f.getValue().filter(k -> isSame(f.getKey(), k)).isPresent());
    }

    private boolean isSame(Path file, Known known) {
        try {
            int size = known.content().bytes();
            if (Files.size(file) != size || !Access.of(file).equals(known.access())) {
                return false;
            }
            TextFiles.Content now = TextFiles.read(file, size, bytes, known.content());
            if (now.isSame(known.content())) {
                return true;
            }
            compared.put(file, now);
            return false;
        } catch (IOException _) {
            return false;
        }
    }
}
