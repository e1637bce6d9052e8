package io.lvsd.sorryserver.page;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads the files of a directory: only regular files, with a limit on their size. Each one is opened relative to its open
 * directory and without following links (openat with O_NOFOLLOW), so that nothing outside of the root can be read, even if
 * names change at the same time.
 */
final class DocumentRoot {
    static final int MAX_PAGE = 1024 * 1024;
    static final int MAX_FILE = 16 * MAX_PAGE;

    private static final int MAX_TOTAL = 64 * MAX_PAGE;
    private static final List<String> SOURCES = List.of(".php", ".env");
    private static final long PRIME = 0x9E3779B97F4A7C15L;
    private static final int MAX_ENTRIES = 10_000;
    private static final int MAX_DEPTH = 16;
    private static final long DEADLINE_SECONDS = 10;
    private static final LinkOption NO_LINKS = LinkOption.NOFOLLOW_LINKS;

    private final Path root;
    private final String page;
    private final boolean withContents;
    private final Map<String, byte[]> files = new HashMap<>();
    private int entries;
    private long total;
    private long fingerprint;

    DocumentRoot(Path root, String page, boolean withContents) {
        this.root = root;
        this.page = page;
        this.withContents = withContents;
    }

    /**
     * The files of a directory.
     *
     * @param files by path relative to the root; always with the page
     * @param fingerprint differs if names, sizes, times of change or identities of files differ
     */
    record Contents(Map<String, byte[]> files, long fingerprint) {}

    /**
     * Reads a directory within a deadline of 10 s: the page and the kinds of files that are served. Hidden files, links, and
     * files that are not regular are left out, files over 16 MiB too.
     *
     * @throws IOException if the directory or the page cannot be read or is over a limit, or if the directory contains
     *     programs or settings of a site ({@code .php}, {@code .env}); the text names the file
     */
    static Contents read(Path root, String page) throws IOException {
        return inTime(root, new DocumentRoot(root, page, true));
    }

    /**
     * The fingerprint of the directory now, as in {@link Contents}.
     *
     * @throws IOException as {@link #read}
     */
    static long fingerprint(Path root, String page) throws IOException {
        return inTime(root, new DocumentRoot(root, page, false)).fingerprint();
    }

    private static Contents inTime(Path root, DocumentRoot reader) throws IOException {
        FutureTask<Contents> reading = new FutureTask<>(reader::readAll);
        try {
            Thread.ofPlatform().name("sorry-page-files").daemon().start(reading);
            return reading.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (OutOfMemoryError e) {
            throw new IOException(root + " cannot be read: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException(root + " cannot be read within " + DEADLINE_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause
                    ? cause
                    : new IOException(root + " cannot be read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading " + root, e);
        }
    }

    private Contents readAll() throws IOException {
        try (DirectoryStream<Path> top = Files.newDirectoryStream(root)) {
            SecureDirectoryStream<Path> directory = secure(top);
            files.put(page, readPage(directory));
            readBelow(directory, "", 1);
            return new Contents(files, fingerprint);
        } catch (NoSuchFileException e) {
            throw new IOException(e.getFile() + ": no such file or directory", e);
        } catch (NotDirectoryException e) {
            throw new IOException(root + " is not a directory", e);
        } catch (FileSystemException e) {
            String reason = e instanceof AccessDeniedException ? "permission denied" : e.getReason();
            throw new IOException(e.getFile() + " cannot be read" + (reason == null ? "" : ": " + reason), e);
        }
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        throw new IOException("this platform cannot open files without following links");
    }

    private byte[] readPage(SecureDirectoryStream<Path> directory) throws IOException {
        Path name = Path.of(page);
        BasicFileAttributes attributes;
        try {
            attributes = attributes(directory, name);
        } catch (NoSuchFileException e) {
            throw new IOException(root.resolve(page) + ": no such file", e);
        }
        if (!attributes.isRegularFile()) {
            throw new IOException(root.resolve(page) + " is not a regular file; links are not followed");
        }
        if (attributes.size() > MAX_PAGE) {
            throw new IOException(
                    root.resolve(page) + " has " + attributes.size() + " bytes: expected at most " + MAX_PAGE);
        }
        note(page, attributes);
        return withContents ? content(directory, name) : new byte[0];
    }

    private void readBelow(SecureDirectoryStream<Path> directory, String prefix, int depth) throws IOException {
        for (Path name : names(directory)) {
            String text = name.toString();
            if (SOURCES.stream().anyMatch(text.toLowerCase(Locale.ROOT)::endsWith)) {
                throw new IOException(root + " contains " + prefix + text
                        + ": it is the directory of an application; use a directory with 404.html and its assets only");
            }
            if (text.startsWith(".")) {
                continue;
            }
            BasicFileAttributes attributes = attributes(directory, name);
            if (attributes.isDirectory() && depth < MAX_DEPTH) {
                try (SecureDirectoryStream<Path> below = directory.newDirectoryStream(name, NO_LINKS)) {
                    readBelow(below, prefix + text + "/", depth + 1);
                }
            } else if (attributes.isRegularFile()
                    && attributes.size() <= MAX_FILE
                    && Asset.type(text).isPresent()) {
                note(prefix + text, attributes);
                if (withContents) {
                    files.put(prefix + text, content(directory, name));
                }
            }
        }
    }

    /** The order in which a directory lists its files has no effect. */
    private void note(String name, BasicFileAttributes attributes) {
        fingerprint += Objects.hash(
                        name, attributes.size(), attributes.lastModifiedTime(), Objects.toString(attributes.fileKey()))
                * PRIME;
    }

    /** The names in a directory. Its iterator throws errors unchecked. */
    List<Path> names(DirectoryStream<Path> directory) throws IOException {
        List<Path> names = new ArrayList<>();
        try {
            for (Path entry : directory) {
                if (++entries > MAX_ENTRIES) {
                    throw new IOException(root + " contains more than " + MAX_ENTRIES + " files");
                }
                names.add(entry.getFileName());
            }
        } catch (DirectoryIteratorException e) {
            throw new IOException(root + " cannot be read: " + reason(e), e);
        }
        return names;
    }

    private static String reason(DirectoryIteratorException e) {
        IOException cause = e.getCause();
        return cause == null ? e.toString() : String.valueOf(cause.getMessage());
    }

    private static BasicFileAttributes attributes(SecureDirectoryStream<Path> directory, Path name) throws IOException {
        return directory
                .getFileAttributeView(name, BasicFileAttributeView.class, NO_LINKS)
                .readAttributes();
    }

    /** The file may grow while it is read. */
    private byte[] content(SecureDirectoryStream<Path> directory, Path name) throws IOException {
        try (SeekableByteChannel file = directory.newByteChannel(name, Set.of(StandardOpenOption.READ, NO_LINKS))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), MAX_FILE) + 1);
            while (bytes.hasRemaining() && file.read(bytes) >= 0) {
                // Until the end, or one byte more than expected.
            }
            total += bytes.position();
            if (!bytes.hasRemaining()) {
                throw new IOException(root.resolve(name) + " changed while it was read");
            }
            if (total > MAX_TOTAL) {
                throw new IOException(root + " contains more than " + MAX_TOTAL / (1024 * 1024) + " MiB");
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        }
    }
}
