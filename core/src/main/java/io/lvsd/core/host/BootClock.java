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

    public static BootClock now() {
        try {
            String id = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"), StandardCharsets.US_ASCII)
                    .strip();
            return new BootClock(id, Libc.bootMillis());
        } catch (IOException e) {
            return new BootClock("", 0);
        }
    }
}
