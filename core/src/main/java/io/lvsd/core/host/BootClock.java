package io.lvsd.core.host;

import io.lvsd.ipvs.ffm.Libc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The current boot of the machine and the time since then: a clock that an administrator cannot set.
 *
 * @param id {@code /proc/sys/kernel/random/boot_id}; empty if it cannot be read
 */
public record BootClock(String id, long uptimeMillis) {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** The time since the boot at a time of this process, in milliseconds; {@code nanos} as of {@link System#nanoTime}. */
    public long millisAt(long nanos) {
        return uptimeMillis - (System.nanoTime() - nanos) / NANOS_PER_MILLI;
    }

    /** Reads the clock: one native call. Any thread. */
    public static BootClock now() {
        return Boot.ID.isEmpty() ? new BootClock("", 0) : new BootClock(Boot.ID, Libc.bootMillis());
    }

    /** A process sees one boot, so its file is read once. */
    private static final class Boot {
        private static final String ID = read();

        private Boot() {}

        private static String read() {
            try {
                return Files.readString(Path.of("/proc/sys/kernel/random/boot_id"), StandardCharsets.US_ASCII)
                        .strip();
            } catch (IOException e) {
                return "";
            }
        }
    }
}
