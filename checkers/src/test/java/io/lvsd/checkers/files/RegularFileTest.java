package io.lvsd.checkers.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lvsd.ipvs.ffm.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RegularFileTest {
    @TempDir
    private Path directory;

    @Test
    void theFirstBytesOfAFileAreReadAlsoThroughALink() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "0123456789");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        assertArrayEquals(new byte[] {'0', '1', '2', '3'}, RegularFile.head(link, 4));
        assertEquals(10, RegularFile.head(file, 100).length);
    }

    @Test
    void aFifoADeviceAndADirectoryAreRefusedWithoutWaiting() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertEquals(0, Libc.mkfifo(fifo.toString(), 0600));
        for (Path file : new Path[] {fifo, Path.of("/dev/zero"), directory}) {
            var refused = assertThrows(IOException.class, () -> RegularFile.head(file, 4));
            assertEquals("not a regular file", refused.getMessage());
        }
        assertThrows(NoSuchFileException.class, () -> RegularFile.head(directory.resolve("missing"), 4));
    }
}
