package io.lvsd.conf.syntax;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The inputs of a load: the files that it read, and what the patterns of includes matched. As long as all of that is
 * the same, another load would come to the same. Used by the thread that loads.
 */
public final class Inputs {
    private static final int CHUNK = 1 << 16;
    private static final ScopedValue<Inputs> CURRENT = ScopedValue.newInstance();

    /** A pattern, and the directory that it is relative to. */
    private record Glob(Path directory, String pattern) {}

    private final Map<Path, String> files = new HashMap<>();
    private final Map<Glob, List<Path>> globs = new HashMap<>();
    private boolean repeatable = true;

    /** Loads, and records the inputs. */
    public <T> T note(Supplier<T> load) {
        return ScopedValue.where(CURRENT, this).call(load::get);
    }

    /** A file was read. */
    static void file(Path file, byte[] bytes) {
        if (CURRENT.isBound()) {
            CURRENT.get().files.put(file, print(file, sha256().digest(bytes)));
        }
    }

    /** A file was to be read, and could not be. */
    static void noFile(Path file) {
        if (CURRENT.isBound()) {
            CURRENT.get().files.put(file, "");
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
        return repeatable
                && !files.isEmpty()
                && globs.entrySet().stream()
                        .allMatch(g -> IncludeGlob.matches(
                                        g.getKey().directory(), g.getKey().pattern())
                                .equals(g.getValue()))
                && files.entrySet().stream()
                        .allMatch(f -> !f.getValue().isEmpty() && f.getValue().equals(print(f.getKey())));
    }

    private static String print(Path file) {
        try {
            MessageDigest digest = sha256();
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                // Not more than a load would read; a device has no end.
                byte[] chunk = new byte[CHUNK];
                for (long left = TextFiles.MAX_BYTES + 1L; left > 0; ) {
                    int read = in.read(chunk, 0, (int) Math.min(left, CHUNK));
                    left = read < 0 ? 0 : left - read;
                }
            }
            return print(file, digest.digest());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The digest of its content, and whether it may be included at all. */
    private static String print(Path file, byte[] digest) {
        try {
            return HexFormat.of().formatHex(digest) + Files.isRegularFile(file) + Files.getPosixFilePermissions(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
