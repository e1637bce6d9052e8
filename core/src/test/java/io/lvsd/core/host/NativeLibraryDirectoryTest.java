package io.lvsd.core.host;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeLibraryDirectoryTest {
    @TempDir
    private Path directory;

    private boolean isNoexec(String mounts) throws IOException {
        Path parent = directory.toRealPath().resolve("a b");
        Path place = Files.createDirectories(parent.resolve("c"));
        String text = mounts.replace("@", parent.toString().replace(" ", "\\040"));
        return NativeLibraryDirectory.isNoexec(text, place);
    }

    @Test
    void theDeepestMountCounts() throws IOException {
        assertFalse(isNoexec("root / ext4 rw,relatime 0 0\n"));
        assertTrue(isNoexec("root / ext4 rw,noexec 0 0\n"));
        assertTrue(isNoexec("root / ext4 rw 0 0\ntmp @ tmpfs rw,noexec,nosuid 0 0\n"));
        assertTrue(isNoexec("tmp @/c tmpfs rw,noexec 0 0\nroot / ext4 rw 0 0\n"));
        assertFalse(isNoexec("root / ext4 rw,noexec 0 0\ntmp @/c tmpfs rw 0 0\n"));
    }

    @Test
    void theLastOfTwoMountsAtOnePlaceCounts() throws IOException {
        assertFalse(isNoexec("tmp @ tmpfs rw,noexec 0 0\ntmp @ tmpfs rw 0 0\n"));
        assertTrue(isNoexec("tmp @ tmpfs rw 0 0\ntmp @ tmpfs noexec 0 0\n"));
    }

    @Test
    void aMountBesideItDoesNotCount() throws IOException {
        assertFalse(isNoexec("root / ext4 rw 0 0\ntmp @/cd tmpfs rw,noexec 0 0\n"));
    }

    @Test
    void linesThatAreNoMountsAreIgnored() throws IOException {
        assertFalse(isNoexec("\nx\nroot / ext4 rw 0 0\n"));
        assertFalse(isNoexec(""));
    }
}
