package io.lvsd.core.store;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.source.IoReason;
import io.lvsd.core.model.KernelJournal;
import io.lvsd.core.model.PercentEncoding;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.ipvs.model.ServiceKey;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One append-only file of text lines, each with a checksum; a half-written line at the end is dropped at the next start.
 * Rewritten when it has grown. If the disk refuses, the daemon goes on without it, says so once, and tries again whenever it
 * notes that it lives. Used by one thread.
 */
public final class Store implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final String HEADER = "lvsd-store 1";
    /** Bytes of a line that are read; the longest that is written has less than a tenth of it. */
    private static final int MAX_LINE = 16 * 1024;
    /** A store with more damaged lines than this is not used. */
    private static final int MAX_BAD_LINES = 1000;
    /** Bytes of a store that are read: an eighth of the heap, as its values take about four times that. */
    private static final long MAX_BYTES =
            Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 8);

    private static final long COMPACT_ABOVE = 4L * 1024 * 1024;

    private final Path file;
    private final @Nullable FileChannel lockChannel;
    private StoreState contents = new StoreState();
    private long accepted;
    private @Nullable FileChannel out;
    private long compactAt = COMPACT_ABOVE;

    private Store(Path file, @Nullable FileChannel lockChannel) {
        this.file = file;
        this.lockChannel = lockChannel;
    }

    /** Another daemon uses the directory. */
    public static final class InUseException extends Exception {
        private static final long serialVersionUID = 1L;

        InUseException(Path directory, String pid) {
            super("another lvsd uses " + directory + (pid.isBlank() ? "" : ": process " + pid.strip()));
        }
    }

    /**
     * Opens the store of a directory, which is made if need be. A store of another version is moved aside; a directory or a
     * store that cannot be used is reported, and nothing will be remembered.
     *
     * @throws InUseException if another daemon holds it; the text names its pid
     */
    public static Store open(Path directory) throws InUseException {
        try {
            PrivateDirectory.create(directory);
            Store store = new Store(directory.resolve("store"), lock(directory));
            store.load();
            store.begin();
            return store;
        } catch (IOException | UncheckedIOException e) {
            LOG.warn(
                    "event=store.failed dir={} reason=\"{}\" effect=\"state is not persisted\""
                            + " remedy=\"name a directory that only this daemon writes with --state-dir\"",
                    directory,
                    IoReason.withFile(e));
            return new Store(directory.resolve("store"), null);
        }
    }

    /** A store that is never written: what it holds is forgotten at the end of the process. */
    public static Store inMemory() {
        return new Store(Path.of("store"), null);
    }

    private static FileChannel lock(Path directory) throws IOException, InUseException {
        Path path = directory.resolve("lock");
        FileChannel channel = FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        if (!tryLock(channel)) {
            channel.close();
            throw new InUseException(directory, Files.readString(path, StandardCharsets.US_ASCII));
        }
        try {
            channel.truncate(0);
            writeAll(channel, ProcessHandle.current().pid() + "\n");
        } catch (IOException e) {
            // Who holds the lock cannot be told then; it holds all the same.
            LOG.debug("store", e);
        }
        return channel;
    }

    /** False if another process holds it, or this one does already. */
    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void load() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        int bad = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS))) {
            if (!HEADER.equals(line(in))) {
                moveAside("not a store of this version");
                return;
            }
            for (String line = line(in); line != null; line = line(in)) {
                bad += accept(line) ? 0 : 1;
                if (bad > MAX_BAD_LINES || contentsAreTooLarge(line.length())) {
                    contents = new StoreState();
                    moveAside(bad > MAX_BAD_LINES ? "more than " + MAX_BAD_LINES + " damaged lines" : "too large");
                    return;
                }
            }
        }
        if (bad > 0) {
            LOG.warn("event=store.damaged lines={} effect=\"these lines are ignored\"", bad);
        }
    }

    private boolean contentsAreTooLarge(int length) {
        accepted += length;
        return accepted > MAX_BYTES;
    }

    private void moveAside(String reason) throws IOException {
        Path aside = file.resolveSibling("store.unreadable");
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.warn(
                "event=store.unreadable reason=\"{}\" moved_to={} effect=\"the state before this start is lost\"",
                reason,
                aside);
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

    private boolean accept(String line) {
        int blank = line.indexOf(' ');
        if (blank < 0 || !line.substring(0, blank).equals(checksum(line.substring(blank + 1)))) {
            return false;
        }
        try {
            contents.accept(line.substring(blank + 1));
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return String.format(java.util.Locale.ROOT, "%08x", crc.getValue());
    }

    private void begin() {
        try {
            rewrite();
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Writes a new file beside the old one and puts it in its place. */
    private void rewrite() throws IOException {
        Path fresh = file.resolveSibling("store.new");
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        contents.lines()
                .forEach(line ->
                        text.append(checksum(line)).append(' ').append(line).append('\n'));
        Files.deleteIfExists(fresh);
        FileChannel next = FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            writeAll(next, text.toString());
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

    /** What is remembered. */
    public StoreState contents() {
        return contents;
    }

    public void verdict(CheckId check, boolean up) {
        append(List.of(StoreState.line(check.toString(), up)));
    }

    public void forget(CheckId check) {
        append(List.of("forget " + PercentEncoding.word(check.toString())));
    }

    /** Remembers what an operator said; {@code NONE} forgets it. */
    public void override(RsRef server, RsOverride said) {
        append(List.of(StoreState.line(server, said)));
    }

    /** Remembers what is to be put back of the table as a whole. */
    public void kernel(KernelJournal journal) {
        append(List.of(StoreState.line(journal)));
    }

    public void own(Set<ServiceKey> services) {
        append(services.stream().map(key -> "own " + key).toList());
    }

    public void disown(Set<ServiceKey> services) {
        append(services.stream().map(key -> "disown " + key).toList());
    }

    /** Notes that the daemon lives, and so that its verdicts hold, at a time of this boot. */
    public void alive(String bootId, long uptimeMillis) {
        if (out == null && lockChannel != null) {
            tryAgain();
        }
        append(List.of("alive " + bootId + " " + uptimeMillis));
    }

    /** Notes a setting of the kernel as it was found, before it is changed. */
    public void sysctl(String path, String found) {
        append(List.of("sysctl " + path + " " + found));
    }

    public void sysctlRestored(String path) {
        append(List.of("sysctl_restored " + path));
    }

    public void rows(RowNumbers rows, long today) {
        append(contents.rowLines(rows, today));
    }

    private void append(List<String> lines) {
        lines.forEach(contents::accept);
        FileChannel channel = out;
        if (channel == null || lines.isEmpty()) {
            return;
        }
        List<String> checked = new ArrayList<>();
        lines.forEach(line -> checked.add(checksum(line) + " " + line + "\n"));
        try {
            writeAll(channel, String.join("", checked));
            if (channel.size() > compactAt) {
                rewrite();
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        closeQuietly(out);
        out = null;
        LOG.warn(
                "event=store.failed file={} reason=\"{}\" effect=\"until it can be written nothing more will be"
                        + " remembered over a restart\"",
                file,
                IoReason.withFile(e));
    }

    /** All that is remembered goes into a new file, so nothing of the time in between is missing. */
    private void tryAgain() {
        try {
            rewrite();
            LOG.info("event=store.recovered file={}", file);
        } catch (IOException e) {
            LOG.debug("store", e);
        }
    }

    @Override
    public void close() {
        FileChannel channel = out;
        try {
            if (channel != null) {
                channel.force(false);
            }
        } catch (IOException e) {
            LOG.debug("store", e);
        }
        closeQuietly(channel);
        closeQuietly(lockChannel);
    }
}
