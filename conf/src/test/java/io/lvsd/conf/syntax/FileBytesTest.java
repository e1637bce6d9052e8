package io.lvsd.conf.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files that are read into the same array one after the other. */
final class FileBytesTest {
    private static final int RUNS = 2_000;

    /** A stream that returns few bytes at a time. */
    private static InputStream slow(byte[] content, Random random) {
        return new ByteArrayInputStream(content) {
            @Override
            public synchronized int read(byte[] to, int start, int count) {
                return super.read(to, start, Math.min(count, 1 + random.nextInt(5_000)));
            }
        };
    }

    @Test
    void eachFileIsCompleteWhateverItsSizeWasExpectedToBe() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        FileBytes bytes = new FileBytes();
        for (int run = 0; run < RUNS; run++) {
            byte[] content = new byte[random.nextInt(4) * random.nextInt(20_000)];
            random.nextBytes(content);
            int expected = random.nextBoolean() ? content.length : random.nextInt(40_000);
            int most = Math.max(0, content.length + random.nextInt(3) - 1);
            boolean fits = content.length <= most;
            assertEquals(fits, bytes.read(slow(content, random), expected, most), "-Dseed=" + seed + ", run " + run);
            if (fits) {
                assertEquals(content.length, bytes.length(), "-Dseed=" + seed);
                assertEquals(
                        new String(content, StandardCharsets.ISO_8859_1),
                        bytes.text(StandardCharsets.ISO_8859_1),
                        "-Dseed=" + seed + ", run " + run);
            }
        }
    }

    @Test
    void anEmptyFileHasNoBytes() throws IOException {
        FileBytes bytes = FileBytes.of(new byte[] {1, 2, 3});
        assertTrue(bytes.read(InputStream.nullInputStream(), 0, 0));
        assertEquals(0, bytes.length());
        assertFalse(bytes.view().hasRemaining());
    }

    @Test
    void anArrayOfAHugeFileIsNotKept() {
        FileBytes huge = FileBytes.of(new byte[FileBytes.MOST_KEPT + 1]);
        huge.release();
        assertEquals(0, huge.length());
        FileBytes large = FileBytes.of(new byte[FileBytes.MOST_KEPT]);
        large.release();
        assertEquals(FileBytes.MOST_KEPT, large.length());
    }
}
