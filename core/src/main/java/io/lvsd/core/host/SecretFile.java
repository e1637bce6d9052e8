package io.lvsd.core.host;

import io.lvsd.checkers.files.RegularFile;
import io.lvsd.conf.source.IoReason;
import io.lvsd.core.host.TokenFile.UnusableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads a password of SNMP from its file. */
public final class SecretFile {
    private static final int MAX_BYTES = 1 << 10;
    /** RFC 3414, section 11.2. */
    private static final int SHORTEST = 8;

    private SecretFile() {}

    /**
     * The first line of a file, without blanks around it.
     *
     * @throws UnusableException if it cannot be read, if other users can read or change it, or if it is not a password
     */
    public static String firstLine(Path file) throws UnusableException {
        String password;
        try {
            TokenFile.requirePrivate(file);
            byte[] bytes = RegularFile.head(file, MAX_BYTES);
            password = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("")
                    .strip();
        } catch (IOException e) {
            throw new UnusableException(
                    file, IoReason.of(e), "expected a file that user " + TokenFile.user() + " can read");
        }
        if (password.length() < SHORTEST) {
            throw new UnusableException(
                    file,
                    "its first line has fewer than " + SHORTEST + " characters",
                    "write a password of " + SHORTEST
                            + " characters or more, such as the output of: openssl rand -hex 16");
        }
        return password;
    }
}
