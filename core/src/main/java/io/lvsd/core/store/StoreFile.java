package io.lvsd.core.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a store, and the lock of its directory. Each line has a checksum; an incomplete or damaged line is ignored when
 * the file is read. Used by one thread.
 */
final class StoreFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreFile.class);
    private static final String HEADER = "lvsd-store 3";
    /** Bytes of a line that are read; the longest line that is written, a maintenance with a long message and
     * many networks, has about two thirds of it. */
    private static final int MAX_LINE = 16 * 1024;
    /** A store with more damaged lines than this is not used. */
    private static final int MAX_DAMAGED_LINES = 1000;
    /** Bytes of a store that are read: an eighth of the heap, because its values need about four times as much. */
    private static final long MAX_BYTES =
            Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 8);

    private static final int CHECKSUM_DIGITS = 8;
    private static final long COMPACT_ABOVE = 4L * 1024 * 1024;

    private final Path file;
    private final FileChannel lock;
    private @Nullable FileChannel out;
    private long compactAt = COMPACT_ABOVE;

    private StoreFile(Path file, FileChannel lock) {
        this.file = file;
        this.lock = lock;
    }

    /**
     * Locks the directory for this process. The file is opened by {@link #rewrite}.
     *
     * @throws Store.InUseException if another daemon has locked it
     */
    static StoreFile lock(Path directory) throws IOException, Store.InUseException {
        Path path = directory.resolve("lock");
        FileChannel channel = FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        if (!tryLock(channel)) {
            channel.close();
            throw new Store.InUseException(directory, Files.readString(path, StandardCharsets.US_ASCII));
        }
        try {
            channel.truncate(0);
            writeAll(channel, ProcessHandle.current().pid() + "\n");
        } catch (IOException e) {
            // The lock is valid without the process id, which only serves the error message of another daemon.
            LOG.debug("store", e);
        }
        return new StoreFile(in(directory), channel);
    }

    /** The file of the store of a directory. */
    static Path in(Path directory) {
        return directory.resolve("store");
    }

    /** False if another process, or this one, has the lock already. */
    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    Path path() {
        return file;
    }

    /** Reads the file. A file that cannot be used is moved aside, and the state is empty. */
    StoreState load() throws IOException {
        StoreState state = new StoreState();
        if (!Files.exists(file)) {
            return state;
        }
        int damaged = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS))) {
            if (!HEADER.equals(line(in))) {
                return moveAside("not a store of this version");
            }
            long bytes = 0;
            for (String line = line(in); line != null; line = line(in)) {
                bytes += line.length();
                damaged += apply(line, state) ? 0 : 1;
                if (damaged > MAX_DAMAGED_LINES) {
                    return moveAside("more than " + MAX_DAMAGED_LINES + " damaged lines");
                }
                if (bytes > MAX_BYTES) {
                    return moveAside("too large");
                }
            }
        }
        if (damaged > 0) {
            LOG.atWarn()
                    .addKeyValue("lines", damaged)
                    .addKeyValue("effect", "these lines are ignored")
                    .log("store.damaged");
        }
        return state;
    }

    private StoreState moveAside(String reason) throws IOException {
        Path aside = file.resolveSibling("store.unreadable");
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.atWarn()
                .addKeyValue("reason", reason)
                .addKeyValue("moved_to", aside)
                .addKeyValue("effect", "the state before this start is lost")
                .log("store.unreadable");
        return new StoreState();
    }

    /** The next line, cut to MAX_LINE bytes; null at the end. */
    private static @Nullable String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (line.length() < MAX_LINE) {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private static boolean apply(String line, StoreState state) {
        int blank = line.indexOf(' ');
        if (blank < 0 || !line.substring(0, blank).equals(checksum(line.substring(blank + 1)))) {
            return false;
        }
        try {
            state.apply(StoreRecord.parse(line.substring(blank + 1)));
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return HexFormat.of().toHexDigits(crc.getValue(), CHECKSUM_DIGITS);
    }

    private static String text(List<StoreRecord> records) {
        StringBuilder text = new StringBuilder();
        for (StoreRecord each : records) {
            String line = each.line();
            text.append(checksum(line)).append(' ').append(line).append('\n');
        }
        return text.toString();
    }

    /** False before the first {@link #rewrite}, and after {@link #suspend}. */
    boolean isOpen() {
        return out != null;
    }

    /** Whether so much was appended that the file should be rewritten. */
    boolean isLarge() throws IOException {
        return out != null && out.size() > compactAt;
    }

    /** Writes to the end of the file, if it is open. */
    void append(List<StoreRecord> records) throws IOException {
        if (out != null) {
            writeAll(out, text(records));
        }
    }

    /** Waits until everything that was appended is on the disk. */
    void force() throws IOException {
        if (out != null) {
            out.force(false);
        }
    }

    /** Replaces the file atomically by a new one with these records, and opens it. */
    void rewrite(List<StoreRecord> records) throws IOException {
        Path fresh = file.resolveSibling("store.new");
        Files.deleteIfExists(fresh);
        FileChannel next = FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            writeAll(next, HEADER + "\n" + text(records));
            next.force(true);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            compactAt = Math.max(COMPACT_ABOVE, 4 * next.size());
        } catch (IOException e) {
            closeQuietly(next);
            throw e;
        }
        closeQuietly(out);
        out = next;
    }

    /** Writes nothing more until the next {@link #rewrite}. */
    void suspend() {
        closeQuietly(out);
        out = null;
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("store", e);
        }
    }

    private static void writeAll(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() {
        try {
            force();
        } catch (IOException e) {
            LOG.debug("store", e);
        }
        closeQuietly(out);
        closeQuietly(lock);
    }
}
