package io.lvsd.checkers.files;

import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.ffm.Libc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads small files that a configuration names. They may be of any type: opening a FIFO waits for a writer, and a device has no end. */
public final class RegularFile {
    private RegularFile() {}

    /**
     * The first bytes of a regular file, or of the target of a link. Never blocks on another process.
     *
     * @param max bytes that are read
     * @throws NoSuchFileException if there is none
     * @throws IOException if it cannot be read or is not a regular file
     */
    public static byte[] head(Path file, int max) throws IOException {
        int fd = Libc.open(file.toString(), Libc.O_RDONLY_NONBLOCK_CLOEXEC);
        if (fd == -Errno.ENOENT.number()) {
            throw new NoSuchFileException(file.toString());
        }
        if (fd == -Errno.EACCES.number()) {
            throw new AccessDeniedException(file.toString());
        }
        if (fd < 0) {
            throw new IOException(Errno.describe(-fd));
        }
        try {
            // The opened file, even if its name refers to another one now.
            Path opened = Path.of("/proc/self/fd/" + fd);
            if (!Files.isRegularFile(opened)) {
                throw new IOException("not a regular file");
            }
            try (InputStream in = Files.newInputStream(opened)) {
                return in.readNBytes(max);
            }
        } finally {
            int _ = Libc.close(fd);
        }
    }
}
