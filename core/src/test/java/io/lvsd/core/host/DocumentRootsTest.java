package io.lvsd.core.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories that must not be document roots. */
final class DocumentRootsTest {
    @TempDir
    private Path directory;

    private String reason(Path root) {
        return DocumentRoots.of(List.of(
                        "alice:x:1000:1000::" + directory + "/people/alice:/bin/bash",
                        "service:x:1001:1001::" + directory + "/service:/usr/sbin/nologin",
                        "broken line"))
                .unsafe(root)
                .map(DocumentRoots.Unsafe::reason)
                .orElse("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/etc",
                "/proc",
                "/sys",
                "/dev",
                "/proc/sys",
                "/dev/shm",
                "/var",
                "/var/lib",
                "/home",
                "/root"
            })
    void directoriesOfTheSystemAreUnsafe(String root) {
        assertTrue(reason(Path.of(root)).contains("clients could read"), () -> root + ": " + reason(Path.of(root)));
    }

    @Test
    void aHomeDirectoryIsUnsafeAndSoIsOneAboveIt() throws IOException {
        Path home = Files.createDirectories(directory.resolve("people/alice"));
        Files.createDirectories(directory.resolve("service"));
        assertTrue(reason(home).contains("contains the home directory of a user"), reason(home));
        assertTrue(reason(directory.resolve("people")).contains("people/alice)"));
        assertTrue(reason(directory).contains("home directory"));
        assertEquals("", reason(Files.createDirectories(home.resolve("site"))));
        assertEquals("", reason(directory.resolve("service")));
    }

    @Test
    void aSymbolicLinkIsWhatItRefersTo() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("/etc"));
        assertEquals(
                "'" + link + "', which is /etc, contains files of the system: clients could read them", reason(link));
    }

    @ParameterizedTest
    @ValueSource(strings = {"index.php", "a/b/c/Login.PHP", ".env", "prod.env", "sub/.env.local"})
    void filesOfAnApplicationAreUnsafe(String name) throws IOException {
        Path root = Files.createDirectories(directory.resolve("srv"));
        Files.writeString(root.resolve("404.html"), "x");
        assertEquals("", reason(root));
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "secret");
        assertTrue(reason(root).contains("contains " + file + ", a file of an application"), reason(root));
    }

    @Test
    void theSearchIsLimited() throws IOException {
        Path root = Files.createDirectories(directory.resolve("srv"));
        for (int i = 0; i < 10_001; i++) {
            Files.createFile(root.resolve("f" + i));
        }
        assertTrue(reason(root).contains("more than 10000 files"), reason(root));
    }

    @Test
    void itIsAnExistingDirectoryWithAnAbsolutePath() {
        assertTrue(reason(Path.of("srv")).contains("is not an absolute path"));
        assertTrue(reason(directory.resolve("none")).contains("is not a directory"));
    }
}
