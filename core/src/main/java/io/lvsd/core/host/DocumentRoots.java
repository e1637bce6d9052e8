package io.lvsd.core.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which directories may be document roots of the sorry page: none that contains files of the system, of a user or of an
 * application, because clients could read them. Reads the file system; immutable.
 */
public final class DocumentRoots {
    private static final Path HOMES = Path.of("/home");
    private static final List<Path> SYSTEM =
            List.of(Path.of("/etc"), Path.of("/proc"), Path.of("/sys"), Path.of("/dev"), Path.of("/var/lib/lvsd"));
    /** Directories in which no directory may be a document root. */
    private static final List<Path> KERNEL = List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"));

    private static final Set<String> NO_LOGIN = Set.of("nologin", "false", "sync", "shutdown", "halt");
    private static final int PASSWD_FIELDS = 7;
    private static final int HOME_FIELD = 5;
    private static final int MAX_ENTRIES = 10_000;
    private static final int MAX_DEPTH = 16;
    private static final String REMEDY = "use a directory that contains only the page, such as /srv/sorry";

    private final Set<Path> homes;

    private DocumentRoots(Set<Path> homes) {
        this.homes = Set.copyOf(homes);
    }

    /** Why a directory must not be a document root. */
    public record Unsafe(String reason, String remedy) {}

    /** With the users of this host. */
    public static DocumentRoots ofThisHost() {
        try {
            return of(Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1));
        } catch (IOException | UncheckedIOException _) {
            return of(List.of());
        }
    }

    /** @param passwd lines of passwd(5) */
    static DocumentRoots of(List<String> passwd) {
        Set<Path> homes = new HashSet<>(Set.of(Path.of("/root")));
        for (String line : passwd) {
            String[] fields = line.split(":", -1);
            if (fields.length == PASSWD_FIELDS && fields[HOME_FIELD].startsWith("/") && isLogin(fields[6])) {
                homes.add(Path.of(fields[HOME_FIELD]).normalize());
            }
        }
        return new DocumentRoots(homes);
    }

    private static boolean isLogin(String shell) {
        return !NO_LOGIN.contains(shell.substring(shell.lastIndexOf('/') + 1));
    }

    /** Why a directory must not be a document root; empty if it may be one. */
    public Optional<Unsafe> unsafe(Path root) {
        if (!root.isAbsolute()) {
            return unsafe("'" + root + "' is not an absolute path", "expected a path that begins with /");
        }
        if (!Files.isDirectory(root)) {
            return unsafe("'" + root + "' is not a directory", "expected an existing directory");
        }
        Path real = ScriptValidation.real(root).normalize();
        return place(root, real).or(() -> content(real));
    }

    private static Optional<Unsafe> unsafe(String reason, String remedy) {
        return Optional.of(new Unsafe(reason, remedy));
    }

    private Optional<Unsafe> place(Path written, Path root) {
        String named = "'" + written + "'" + (written.equals(root) ? "" : ", which is " + root + ",");
        if (root.equals(root.getRoot())) {
            return unsafe(named + " is the root of the file system: clients could read every file", REMEDY);
        }
        Optional<Path> kernel = KERNEL.stream().filter(root::startsWith).findFirst();
        Optional<Path> system = SYSTEM.stream().filter(d -> d.startsWith(root)).findFirst();
        Optional<Path> home = root.equals(HOMES) || HOMES.equals(root.getParent())
                ? Optional.of(root)
                : homes.stream()
                        .filter(h -> h.getNameCount() > 0 && h.startsWith(root))
                        .findFirst();
        Optional<String> reason = kernel.or(() -> system)
                .map(d -> contains(named, root, d, "files of the system"))
                .or(() -> home.map(h -> contains(named, root, h, "the home directory of a user")));
        return reason.flatMap(text -> unsafe(text, REMEDY));
    }

    private static String contains(String named, Path root, Path found, String what) {
        return named + " contains " + what + (root.equals(found) ? "" : " (" + found + ")")
                + ": clients could read them";
    }

    /** Sources and settings of an application, which its web server runs or hides. */
    private static Optional<Unsafe> content(Path root) {
        Search search = new Search();
        try {
            Files.walkFileTree(root, EnumSet.noneOf(FileVisitOption.class), MAX_DEPTH, search);
        } catch (IOException e) {
            return Optional.empty(); // It is reported when the page is read.
        }
        if (search.found.isPresent()) {
            return unsafe(
                    "'" + root + "' contains " + search.found.get()
                            + ", a file of an application: clients could read its source or its passwords",
                    REMEDY);
        }
        return search.entries > MAX_ENTRIES
                ? unsafe("'" + root + "' contains more than " + MAX_ENTRIES + " files", REMEDY)
                : Optional.empty();
    }

    /** Searches the files of a directory; symbolic links are not followed, as they are not served. */
    private static final class Search extends SimpleFileVisitor<Path> {
        private Optional<Path> found = Optional.empty();
        private int entries;

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes facts) {
            return count();
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes facts) {
            String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            if (name.endsWith(".php") || name.endsWith(".env") || name.startsWith(".env")) {
                found = Optional.of(file);
                return FileVisitResult.TERMINATE;
            }
            return count();
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return count();
        }

        private FileVisitResult count() {
            return ++entries > MAX_ENTRIES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }
    }
}
