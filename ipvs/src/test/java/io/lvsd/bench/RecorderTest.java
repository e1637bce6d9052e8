package io.lvsd.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecorderTest {
    @TempDir
    private Path directory;

    @Test
    void eachMeasurementIsALine() throws IOException {
        Path file = directory.resolve("lines");
        Recorder recorder = new Recorder("reload", Optional.of(file));
        recorder.add("unchanged, CPU time", 37_205, Recorder.LVSD, "s", 1, 0.25);
        recorder.add("unchanged, CPU time", 37_205, "keepalived", "s", 1, 1_234_567.5);
        assertEquals("""
            reload\tunchanged, CPU time\t37205\tlvsd\ts\t1\t0.25
            reload\tunchanged, CPU time\t37205\tkeepalived\ts\t1\t1234567.5
            """, Files.readString(file));
    }

    @Test
    void valuesAndNamesThatCannotBeReadAgainAreRefused() {
        Recorder recorder = new Recorder("reload", Optional.empty());
        assertThrows(IllegalArgumentException.class, () -> recorder.add("a\tb", 1, "lvsd", "s", 1, 1));
        assertThrows(IllegalArgumentException.class, () -> recorder.add(" ", 1, "lvsd", "s", 1, 1));
        assertThrows(IllegalArgumentException.class, () -> recorder.add("a", 1, "lvsd", "s", 1, Double.NaN));
    }
}
