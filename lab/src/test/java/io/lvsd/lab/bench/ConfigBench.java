package io.lvsd.lab.bench;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.RepeatedSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long a large configuration takes to be read and validated: {@code keepalived -t} and {@code lvsd check} as whole
 * processes, by turns, a load in a process that has loaded before, and reloads after a change of some weights.
 */
public final class ConfigBench {
    private static final int ROUNDS = 5;
    private static final String CHECK = "    TCP_CHECK {\n      connect_timeout 3\n      retry 2\n    }\n";

    private ConfigBench() {}

    /** Prints medians, spreads and ratios. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("config-bench-");
        Path file = write(directory.resolve("full.conf"), 1.0);
        List<Double> keepalived = new ArrayList<>();
        List<Double> check = new ArrayList<>();
        List<Double> warm = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            keepalived.add(process("keepalived", "-t", "-f", file.toString()));
            check.add(process("./lvsd", "check", "-f", file.toString()));
        }
        for (int round = 0; round < 4 * ROUNDS; round++) {
            warm.add(load(file));
        }
        List<Double> late = warm.subList(3 * ROUNDS, warm.size());
        System.out.printf(
                Locale.ROOT,
                "%d real servers in %d virtual servers, %.1f MB%n",
                WideConfig.REAL_SERVERS,
                WideConfig.VIRTUAL_SERVERS,
                Files.size(file) / 1e6);
        print("keepalived -t, process", keepalived, keepalived);
        print("lvsd check, process", check, keepalived);
        print("lvsd, a load after others", late, keepalived);
        repeated(directory.resolve("repeated.conf"), late);
        for (double share : new double[] {0.5, 2.0}) {
            Path other = write(directory.resolve("other.conf"), share);
            List<Double> loads = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                loads.add(load(other));
            }
            print(String.format(Locale.ROOT, "lvsd, %.1f times the file", share), loads, late);
        }
    }

    private static Path write(Path file, double share) throws IOException {
        return Files.writeString(file, WideConfig.text(share, WideConfig::weight, CHECK));
    }

    /** Loads of a source that has been loaded before, as a reload of the daemon does. */
    private static void repeated(Path file, List<Double> base) throws IOException {
        RepeatedSource source = new RepeatedSource(ConfigLoader.Source.of(file));
        List<Double> unchanged = new ArrayList<>();
        for (int changes : new int[] {1, 10, WideConfig.REAL_SERVERS / 100}) {
            List<Double> loads = new ArrayList<>();
            for (int round = 0; round < 4 * ROUNDS; round++) {
                write(file, changes, round);
                loads.add(load(source));
                unchanged.add(load(source));
            }
            // The first one reads everything, and the next ones are compiled.
            print("reload, " + changes + " weights changed", loads.subList(3 * ROUNDS, loads.size()), base);
        }
        print("reload, unchanged", unchanged.subList(3 * ROUNDS, unchanged.size()), base);
    }

    /** A file in which so many weights, spread evenly, are not those of another round. */
    private static void write(Path file, int changes, int round) throws IOException {
        int step = WideConfig.REAL_SERVERS / changes;
        Files.writeString(
                file,
                WideConfig.text(
                        1.0, rs -> rs % step == 0 && rs / step < changes ? 100 + round : WideConfig.weight(rs), CHECK));
    }

    private static double load(RepeatedSource source) {
        long start = System.nanoTime();
        if (source.load().hasErrors()) {
            throw new IllegalStateException("the file has errors");
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private static double process(String... command) throws IOException, InterruptedException {
        long start = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        int status = builder.start().waitFor();
        if (status != 0) {
            throw new IOException(command[0] + " ends with " + status);
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private static double load(Path file) {
        long start = System.nanoTime();
        if (ConfigLoader.load(file).hasErrors()) {
            throw new IllegalStateException("the file has errors");
        }
        return (System.nanoTime() - start) / 1e6;
    }

    @SuppressWarnings("SystemOut")
    private static void print(String what, List<Double> millis, List<Double> base) {
        double[] sorted = millis.stream().mapToDouble(d -> d).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "%-28s median %6.0f ms (%.0f to %.0f), ratio %.2f%n",
                what,
                sorted[sorted.length / 2],
                sorted[0],
                sorted[sorted.length - 1],
                sorted[sorted.length / 2] / median(base));
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(d -> d).sorted().toArray();
        return Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElseThrow();
    }
}
