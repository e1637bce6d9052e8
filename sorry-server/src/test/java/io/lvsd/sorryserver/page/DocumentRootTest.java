package io.lvsd.sorryserver.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only regular files of a limited size are read, and none through a link. */
@Timeout(30)
final class DocumentRootTest {
    @TempDir
    private Path directory;

    private Path root;
    private Path page;

    @BeforeEach
    void prepare() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
        page = root.resolve("404.html");
    }

    private String refusal() {
        IOException e = assertThrows(IOException.class, () -> DocumentRoot.read(root, "404.html"));
        return String.valueOf(e.getMessage());
    }

    private static void fifo(Path path) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
    }

    private static void sparse(Path path, long size) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(size);
        }
    }

    @Test
    void aPageThatIsALinkIsRefused() throws IOException {
        Files.createSymbolicLink(page, Files.writeString(root.resolve("secret"), "secret"));
        assertEquals(page + " is not a regular file; links are not followed", refusal());
    }

    @Test
    void aPageThatIsAFifoIsRefusedAndDoesNotBlock() throws IOException, InterruptedException {
        fifo(page);
        assertEquals(page + " is not a regular file; links are not followed", refusal());
    }

    @Test
    void aPageOf300MegabytesIsRefusedBySize() throws IOException {
        sparse(page, 300L * 1024 * 1024);
        assertEquals(page + " has 314572800 bytes: expected at most 1048576", refusal());
    }

    @Test
    void aMissingPageOrRootIsNamed() throws IOException {
        assertEquals(page + ": no such file", refusal());
        Files.delete(root);
        assertEquals(root + ": no such file or directory", refusal());
    }

    @Test
    void aRootThatIsAFileIsNamed() throws IOException {
        Files.delete(root);
        Files.writeString(root, "x");
        assertEquals(root + " is not a directory", refusal());
    }

    @Test
    void linksFifosAndLargeFilesAreNotServed() throws IOException, InterruptedException {
        Files.writeString(page, "sorry");
        Files.createDirectories(root.resolve("css"));
        Files.writeString(root.resolve("css/a.css"), "a");
        fifo(root.resolve("pipe.css"));
        sparse(root.resolve("large.png"), DocumentRoot.MAX_FILE + 1L);
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createSymbolicLink(root.resolve("linked"), outside);
        Files.createSymbolicLink(root.resolve("css/secret"), outside.resolve("secret"));
        assertEquals(
                Set.of("404.html", "css/a.css"),
                DocumentRoot.read(root, "404.html").files().keySet());
    }

    @Test
    void allFilesTogetherHaveALimit() throws IOException {
        Files.writeString(page, "sorry");
        for (int i = 0; i < 5; i++) {
            sparse(root.resolve("f" + i + ".png"), DocumentRoot.MAX_FILE);
        }
        assertTrue(refusal().endsWith("contains more than 64 MiB"));
    }

    /** Iterating over a directory throws unchecked, and a reload must not end with that. */
    @Test
    void anErrorWhileADirectoryIsReadNamesTheRoot() {
        DirectoryStream<Path> broken = new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        throw new DirectoryIteratorException(new IOException("Input/output error"));
                    }

                    @Override
                    public Path next() {
                        throw new NoSuchElementException();
                    }
                };
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
        IOException e = assertThrows(IOException.class, () -> new DocumentRoot(root, "404.html", true).names(broken));
        assertEquals(root + " cannot be read: Input/output error", e.getMessage());
    }

    @Test
    void onlyFilesThatAPageNeedsAreServed() throws IOException {
        Files.writeString(page, "sorry");
        for (String name :
                new String[] {"index.html", "notes.txt", "a.JPG", "b.js", "css", ".hidden.css", "c.css.bak"}) {
            Files.writeString(root.resolve(name), "x");
        }
        assertEquals(
                Set.of("404.html", "a.JPG", "b.js"),
                DocumentRoot.read(root, "404.html").files().keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"index.php", ".env", "a/b/c/LOGIN.PHP", "a/production.env"})
    void theDirectoryOfAnApplicationIsRefused(String name) throws IOException {
        Files.writeString(page, "sorry");
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "secret");
        assertEquals(
                root + " contains " + name
                        + ": it is the directory of an application; use a directory with 404.html and its assets only",
                refusal());
    }

    @Test
    void theFingerprintChangesWithTheFiles() throws IOException {
        Files.writeString(page, "sorry");
        Files.writeString(root.resolve("a.css"), "a");
        Files.writeString(root.resolve("not-served.txt"), "a");
        long first = DocumentRoot.read(root, "404.html").fingerprint();
        assertEquals(first, DocumentRoot.fingerprint(root, "404.html"));
        Files.writeString(root.resolve("not-served.txt"), "other");
        assertEquals(first, DocumentRoot.fingerprint(root, "404.html"));
        Files.writeString(root.resolve("b.css"), "b");
        long second = DocumentRoot.fingerprint(root, "404.html");
        Files.move(
                Files.writeString(root.resolve("new"), "c"),
                root.resolve("b.css"),
                StandardCopyOption.REPLACE_EXISTING);
        long third = DocumentRoot.fingerprint(root, "404.html");
        Files.writeString(page, "very sorry");
        assertEquals(
                4,
                Set.of(first, second, third, DocumentRoot.fingerprint(root, "404.html"))
                        .size());
    }
}
