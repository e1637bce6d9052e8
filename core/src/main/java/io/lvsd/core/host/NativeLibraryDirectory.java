package io.lvsd.core.host;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The directory to which Netty copies its native library before it loads it. The temporary directory is not suitable if it is
 * full, not writable, or mounted noexec.
 */
public final class NativeLibraryDirectory {
    private static final String PROPERTY = "io.netty.native.workdir";
    private static final Path MOUNTS = Path.of("/proc/self/mounts");
    /** The size of the library. */
    private static final int LIBRARY_BYTES = 128 << 10;

    private static final int MOUNT_POINT = 1;
    private static final int MOUNT_OPTIONS = 3;

    private NativeLibraryDirectory() {}

    /**
     * Sets the directory for Netty, unless it has been set. Call it before Netty is used.
     *
     * @throws IOException if no directory is suitable, or if this is not Linux; the text has the remedy
     */
    public static void choose() throws IOException {
        String system = System.getProperty("os.name");
        if (!system.equals("Linux")) {
            throw new IOException("this command requires Linux, and this is " + system
                    + "; use a Linux host or container ('lvsd check' and 'lvsd convert' work here)");
        }
        if (System.getProperty(PROPERTY) != null) {
            return;
        }
        Path temporary = Path.of(Optional.ofNullable(System.getenv("TMPDIR"))
                .filter(t -> !t.isEmpty())
                .orElse("/tmp"));
        List<Path> candidates = List.of(temporary, Path.of("/run/lvsd"), Path.of("/var/tmp"), ofProgram());
        String mounts = mounts();
        Path suitable = candidates.stream()
                .filter(d -> Files.isDirectory(d) && !isNoexec(mounts, d) && canHoldLibrary(d))
                .findFirst()
                .orElseThrow(() -> new IOException("no directory for Netty's native library: " + temporary
                        + ", /run/lvsd and /var/tmp are full, not writable or mounted noexec; set"
                        + " TMPDIR to another one"));
        System.setProperty(PROPERTY, suitable.toString());
    }

    /** The directory of this program's archive. */
    private static Path ofProgram() {
        try {
            URI archive = NativeLibraryDirectory.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            return Path.of(archive).resolveSibling("");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Other systems than Linux have no such file. */
    private static String mounts() {
        try {
            return Files.readString(MOUNTS, StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }

    /**
     * Whether the mount that contains a directory has the option noexec.
     *
     * @param mounts as in /proc/self/mounts: a later line covers an earlier one
     */
    static boolean isNoexec(String mounts, Path directory) {
        Path real;
        try {
            real = directory.toRealPath();
        } catch (IOException _) {
            return true;
        }
        int depth = -1;
        String options = "";
        for (String line : mounts.lines().toList()) {
            String[] fields = line.split(" ");
            if (fields.length > MOUNT_OPTIONS) {
                Path point = Path.of(unescaped(fields[MOUNT_POINT]));
                if (real.startsWith(point) && point.getNameCount() >= depth) {
                    depth = point.getNameCount();
                    options = fields[MOUNT_OPTIONS];
                }
            }
        }
        return Set.of(options.split(",")).contains("noexec");
    }

    /** Blanks, tabs, line ends and backslashes are written as octal numbers. */
    private static String unescaped(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }

    private static boolean canHoldLibrary(Path directory) {
        Path trial = directory.resolve(".lvsd-" + UUID.randomUUID());
        try {
            try (FileChannel file = FileChannel.open(
                    trial,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer content = ByteBuffer.allocate(LIBRARY_BYTES);
                while (content.hasRemaining()) {
                    file.write(content);
                }
            } finally {
                Files.deleteIfExists(trial);
            }
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
