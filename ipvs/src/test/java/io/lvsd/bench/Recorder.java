package io.lvsd.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;

/**
 * Records the single measurements of a benchmark, one line each: axis, case, size, subject, unit, round and value, separated by
 * tabs. {@code lab/bench} names the file in the environment; without it, they are only printed.
 */
public final class Recorder {
    /** The build that is measured. */
    public static final String LVSD = "lvsd";

    private static final String FILE = "LVSD_BENCH_RESULTS";
    private static final String SUBJECT = "LVSD_BENCH_SUBJECT";

    private final String axis;
    private final Optional<Path> file;

    Recorder(String axis, Optional<Path> file) {
        this.axis = axis;
        this.file = file;
    }

    /** A recorder that appends to the file of the environment. */
    public static Recorder of(String axis) {
        return new Recorder(axis, Optional.ofNullable(System.getenv(FILE)).map(Path::of));
    }

    /** The name of the build whose classes this process runs: lvsd, or before for an older build. */
    public static String thisBuild() {
        return System.getenv().getOrDefault(SUBJECT, LVSD);
    }

    /**
     * Records and prints one measurement.
     *
     * @param what the case, such as "unchanged, CPU time"; the same for all subjects and sizes
     * @param size the number of real servers, or what the axis varies
     * @param subject lvsd, before, or the name of a peer
     * @param round from 1; rounds that warm up are not recorded
     */
    @SuppressWarnings("SystemOut")
    public void add(String what, long size, String subject, String unit, int round, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("invalid value " + value + " of " + what);
        }
        String line = String.format(
                Locale.ROOT, "%s\t%s\t%d\t%s\t%s\t%d\t%s%n", axis, field(what), size, subject, unit, round, value);
        file.ifPresent(f -> append(f, line));
        System.out.printf(
                Locale.ROOT, "%s: %s, %,d, round %d: %s %.4g %s%n", axis, what, size, round, subject, value, unit);
    }

    private static String field(String text) {
        if (text.isBlank() || text.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("invalid name of a case: '" + text + "'");
        }
        return text;
    }

    private static void append(Path file, String line) {
        try {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
