package io.lvsd.core.host;

import io.lvsd.checkers.files.RegularFile;
import io.lvsd.conf.source.IoReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the tokens of HTTP clients. Each line is {@code NAME TOKEN [read|write]}; empty lines and lines with # are skipped. A
 * file may also consist of one token alone, which authorises everything.
 */
public final class TokenFile {
    private static final int MAX_BYTES = 1 << 20;
    private static final String NAME = "[A-Za-z0-9._@-]{1,64}";
    /** RFC 6750, section 2.1; shorter tokens could be guessed. */
    private static final String TOKEN = "[A-Za-z0-9._~+/=-]{16,512}";

    /** Name of the owner of a token that is alone. */
    private static final String ALONE = "token";

    private static final String FORM =
            "expected on each line: NAME TOKEN [read|write], or one token alone; a token has 16 characters or more,"
                    + " such as the output of: openssl rand -hex 32";
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private TokenFile() {}

    /**
     * One token.
     *
     * @param name of its owner, for the log
     * @param write whether it authorises changes
     */
    public record Entry(String name, String token, boolean write) {
        /** Without the token. */
        @Override
        public String toString() {
            return "Entry[name=" + name + ", write=" + write + "]";
        }
    }

    /** The file cannot be used. The message names it and gives the reason. */
    public static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1;

        private final String hint;

        UnusableException(Path file, String reason, String hint) {
            super("cannot use '" + file + "': " + reason);
            this.hint = hint;
        }

        /** How to fix it. */
        public String hint() {
            return hint;
        }
    }

    /**
     * The tokens of a file.
     *
     * @throws UnusableException if it cannot be read, if other users can read or change it, or if a line is malformed
     */
    public static List<Entry> read(Path file) throws UnusableException {
        List<String> lines;
        try {
            requirePrivate(file);
            byte[] bytes = RegularFile.head(file, MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new UnusableException(file, "it has more than 1 MiB", FORM);
            }
            lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UnusableException(file, IoReason.of(e), "expected a file that user " + user() + " can read");
        }
        return entries(file, lines);
    }

    private static List<Entry> entries(Path file, List<String> lines) throws UnusableException {
        List<String> used =
                lines.stream().map(String::strip).filter(l -> !isSkipped(l)).toList();
        if (used.size() == 1 && used.getFirst().matches(TOKEN)) {
            return List.of(new Entry(ALONE, used.getFirst(), true));
        }
        List<Entry> entries = new ArrayList<>();
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (isSkipped(line)) {
                continue;
            }
            int number = i + 1;
            Entry entry = entry(line)
                    .orElseThrow(() -> new UnusableException(file, "line " + number + " is malformed", FORM));
            if (!tokens.add(entry.token())) {
                throw new UnusableException(
                        file, "the token on line " + number + " is a duplicate", "use another token for each line");
            }
            entries.add(entry);
        }
        if (entries.isEmpty()) {
            throw new UnusableException(file, "it contains no token", FORM);
        }
        return entries;
    }

    private static boolean isSkipped(String line) {
        return line.isEmpty() || line.startsWith("#");
    }

    /** Other users must not be able to read or change the file. */
    static void requirePrivate(Path file) throws IOException, UnusableException {
        PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
        Set<PosixFilePermission> permissions = attributes.permissions();
        if (!OWNER.containsAll(permissions)) {
            throw new UnusableException(
                    file,
                    "other users have access to it (" + PosixFilePermissions.toString(permissions)
                            + "), expected mode 0600 or stricter",
                    "run: chmod 600 " + file);
        }
        String owner = attributes.owner().getName();
        if (!owner.equals("root") && !owner.equals(user())) {
            throw new UnusableException(file, "it belongs to user " + owner, "run: chown " + user() + " " + file);
        }
    }

    static String user() {
        return System.getProperty("user.name", "lvsd");
    }

    private static Optional<Entry> entry(String line) {
        String[] words = line.split("\\s+");
        boolean valid = (words.length == 2 || words.length == 3 && words[2].matches("read|write"))
                && words[0].matches(NAME)
                && words[1].matches(TOKEN);
        return valid
                ? Optional.of(new Entry(words[0], words[1], words.length == 3 && words[2].equals("write")))
                : Optional.empty();
    }
}
