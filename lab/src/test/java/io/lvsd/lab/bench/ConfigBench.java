package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.RepeatedSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Axis config: reading and validating a configuration. {@code keepalived -t} and {@code lvsd check} as whole processes, by turns;
 * loads in a process that has loaded before, as at a reload, for files with different changes.
 */
public final class ConfigBench {
    private static final int[] SIZES = {100, 1_000, 10_000, WideConfig.REAL_SERVERS, 50_000};
    private static final int ROUNDS = Quick.QUICK ? 2 : 5;
    /** The first loads are interpreted, and the next ones compiled. */
    private static final int WARM_ROUNDS = Quick.QUICK ? 1 : 10;

    private static final int WARM_SERVERS = Quick.QUICK ? 0 : 20_000;
    /** Above every other weight. */
    private static final int CHANGED_WEIGHT = 10_000;

    private static final int TEN = 10;
    private static final int PERCENT = 100;
    private static final String CHECK = "    TCP_CHECK {\n      connect_timeout 3\n      retry 2\n    }\n";

    private final Recorder recorder = Recorder.of("config");
    private final int size;
    private final int warmRounds;
    private final Path file;

    private ConfigBench(int size) throws IOException {
        this.size = size;
        warmRounds = Math.max(WARM_ROUNDS, WARM_SERVERS / size);
        file = Files.createTempDirectory("config-bench-").resolve("lvsd.conf");
    }

    /** @param arguments processes, or loads for those in this process */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (int size : Quick.QUICK ? new int[] {SIZES[0], SIZES[1]} : SIZES) {
            ConfigBench bench = new ConfigBench(size);
            switch (arguments[0]) {
                case "processes" -> bench.processes();
                case "loads" -> bench.loads();
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    private void processes() throws IOException, InterruptedException {
        write(0, 0);
        // The first round creates what later starts use.
        for (int round = 0; round <= ROUNDS; round++) {
            process("keepalived", round, "keepalived", "-t", "-f", file.toString());
            for (Build build : Build.all()) {
                process(build.name(), round, build.launcher(), "check", "-f", file.toString());
            }
        }
    }

    private void process(String subject, int round, String... command) throws IOException, InterruptedException {
        long start = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        int status = builder.start().waitFor();
        double millis = millis(start);
        if (round > 0) {
            recorder.add("check of a file, process", size, subject, "ms", round, millis);
        }
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ends with " + status);
        }
    }

    private void loads() throws IOException {
        write(0, 0);
        for (int round = 1 - warmRounds; round <= ROUNDS; round++) {
            long start = System.nanoTime();
            require(!ConfigLoader.load(file).hasErrors());
            record("complete load", round, start);
        }
        RepeatedSource source = new RepeatedSource(ConfigLoader.Source.of(file));
        repeated(source, "repeated load, 1 % changed", Math.max(1, size / PERCENT));
        repeated(source, "repeated load, ten weights changed", TEN);
        repeated(source, "repeated load, one weight changed", 1);
        repeated(source, "repeated load, unchanged", 0);
    }

    /** Loads of a source that has been loaded before, as a reload of the daemon does. */
    private void repeated(RepeatedSource source, String what, int changes) throws IOException {
        for (int round = 1 - warmRounds; round <= ROUNDS; round++) {
            if (changes > 0) {
                write(changes, round);
            }
            long start = System.nanoTime();
            require(!source.load().hasErrors());
            record(what, round, start);
        }
    }

    private void record(String what, int round, long start) {
        double millis = millis(start);
        if (round > 0) {
            recorder.add(what, size, Recorder.thisBuild(), "ms", round, millis);
        }
    }

    private static double millis(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    private static void require(boolean good) {
        if (!good) {
            throw new IllegalStateException("the file has errors");
        }
    }

    /** A file in which so many weights, spread evenly, are not those of another round. */
    private void write(int changes, int round) throws IOException {
        int step = size / Math.max(1, changes);
        Files.writeString(
                file,
                WideConfig.text(
                        size,
                        rs -> rs % step == 0 && rs / step < changes ? CHANGED_WEIGHT + round : WideConfig.weight(rs),
                        CHECK));
    }
}
