package io.lvsd.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Processor time of a check, lvsd's beside packaged keepalived's, in one guest: both probe the same real servers on
 * loopback, by turns, each stopped while the other runs, after lvsd's code is warm.
 */
public final class CostBench {
    private static final int ROUNDS = 6;
    private static final int SETTLE_SECONDS = 4;
    private static final int MEASURED_SECONDS = 8;
    private static final int WARM_SECONDS = 360;
    private static final int PATIENCE_SECONDS = 60;
    private static final String TCP_CHECK = "TCP_CHECK {\n      connect_timeout 3\n    }";
    private static final String HTTP_GET =
            "HTTP_GET {\n      connect_timeout 3\n      url {\n        path /\n      }\n    }";

    /** What is compared, each with configurations and patience of its own. */
    private enum Comparison {
        TCP("TCP_CHECK", 1_000, 2, false),
        HTTP("HTTP_GET", 1_000, 2, false),
        SHARED("TCP_CHECK, two virtual servers that share their real servers", 1_000, 2, true),
        MANY("TCP_CHECK", 10_000, 30, false);

        private final String title;
        private final int servers;
        private final int interval;
        private final boolean twice;

        Comparison(String title, int servers, int interval, boolean twice) {
            this.title = title;
            this.servers = servers;
            this.interval = interval;
            this.twice = twice;
        }

        String config() {
            String check = this == HTTP ? HTTP_GET : TCP_CHECK;
            String once = ProbeBench.config(servers, interval, check);
            return twice
                    ? once + once.substring(once.indexOf("virtual_server")).replace("192.0.2.", "198.51.100.")
                    : once;
        }

        int checks() {
            return twice ? 2 * servers : servers;
        }

        /** A whole period at least. */
        int measuredSeconds() {
            return Math.max(MEASURED_SECONDS, interval);
        }
    }

    private CostBench() {}

    /**
     * Prints medians, spreads and ratios.
     *
     * @param arguments what to compare, of tcp http shared many; all by default
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Comparison> wanted = arguments.length == 0
                ? List.of(Comparison.values())
                : Stream.of(arguments)
                        .map(a -> Comparison.valueOf(a.toUpperCase(Locale.ROOT)))
                        .toList();
        Process servers = ProbeBench.java(AcceptServer.class, ProbeBench.PORT);
        try {
            Thread.sleep(5_000);
            for (Comparison comparison : wanted) {
                compare(comparison);
            }
        } finally {
            servers.destroy();
            servers.waitFor(5, TimeUnit.SECONDS);
        }
        System.exit(0);
    }

    @SuppressWarnings("SystemOut")
    private static void compare(Comparison comparison) throws IOException, InterruptedException {
        String config = comparison.config();
        Path directory = Files.createTempDirectory("cost-bench-");
        Files.writeString(directory.resolve("lvsd.conf"), config);
        Files.writeString(directory.resolve("keepalived.conf"), config.substring(config.indexOf("virtual_server")));
        Process keepalived = start(
                directory,
                "keepalived",
                "keepalived",
                "-n",
                "-l",
                "-C",
                "-p",
                directory + "/k.pid",
                "-c",
                directory + "/c.pid",
                "-f",
                directory + "/keepalived.conf");
        Process lvsd = start(
                directory,
                "lvsd",
                "./lvsd",
                "run",
                "--force",
                "-f",
                directory + "/lvsd.conf",
                "--run-dir",
                directory + "/run",
                "--state-dir",
                directory + "/state");
        try {
            Thread.sleep(WARM_SECONDS * 1_000L);
            signal(keepalived, "STOP");
            signal(lvsd, "STOP");
            List<Double> theirs = new ArrayList<>();
            List<Double> ours = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                theirs.add(turn(keepalived, comparison));
                ours.add(turn(lvsd, comparison));
            }
            double ratio = ProbeBench.median(ours) / ProbeBench.median(theirs);
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d checks every %d s: keepalived %s, lvsd %s, ratio %.2f%s%n",
                    comparison.title,
                    comparison.checks(),
                    comparison.interval,
                    text(theirs),
                    text(ours),
                    ratio,
                    isWithinSpread(ours, theirs) ? " (within the spread: equal)" : "");
        } finally {
            end(keepalived);
            end(lvsd);
        }
    }

    /** For sure: one that lived on would be measured with the next. */
    private static void end(Process process) throws IOException, InterruptedException {
        List<ProcessHandle> handles = all(process).toList();
        signal(process, "CONT");
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            handles.forEach(ProcessHandle::destroyForcibly);
        }
        for (ProcessHandle handle : handles) {
            handle.onExit().join();
        }
    }

    private static Process start(Path directory, String log, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(log + ".log").toFile());
        builder.environment().keySet().removeIf(k -> k.startsWith("LVSD_"));
        return builder.start();
    }

    /** Micro-seconds of processor time for each check that is due in a turn. */
    private static double turn(Process process, Comparison comparison) throws IOException, InterruptedException {
        signal(process, "CONT");
        Thread.sleep(SETTLE_SECONDS * 1_000L);
        double before = processorSeconds(process);
        long start = System.nanoTime();
        Thread.sleep(comparison.measuredSeconds() * 1_000L);
        double used = processorSeconds(process) - before;
        double elapsed = (System.nanoTime() - start) / 1e9;
        signal(process, "STOP");
        return used * 1e6 / (comparison.checks() * elapsed / comparison.interval);
    }

    private static Stream<ProcessHandle> all(Process process) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    /** Of a process and its children. One that has ended is a failure: its part would be missing. */
    private static double processorSeconds(Process process) throws IOException {
        double seconds = 0;
        for (ProcessHandle handle : all(process).toList()) {
            String stat = Files.readString(Path.of("/proc/" + handle.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            seconds += (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
        }
        return seconds;
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        all(process).forEach(p -> command.add(String.valueOf(p.pid())));
        new ProcessBuilder(command).start().waitFor();
    }

    private static String text(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(d -> d).sorted().toArray();
        return String.format(
                Locale.ROOT, "%.0f µs (%.0f to %.0f)", ProbeBench.median(values), sorted[0], sorted[sorted.length - 1]);
    }

    private static boolean isWithinSpread(List<Double> a, List<Double> b) {
        double[] x = a.stream().mapToDouble(d -> d).sorted().toArray();
        double[] y = b.stream().mapToDouble(d -> d).sorted().toArray();
        return x[0] <= y[y.length - 1] && y[0] <= x[x.length - 1];
    }
}
