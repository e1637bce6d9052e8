package io.lvsd.lab.bench;

import io.lvsd.core.control.ControlClient;
import io.lvsd.lab.bench.Contender.Used;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Processor time of a check, lvsd's beside packaged keepalived's, in one guest: both probe the same real servers on
 * loopback, by turns, after lvsd's code is warm. Lvsd is stopped while keepalived runs, and keepalived is restarted for
 * each of its turns: after a stop it would make all its checks at one moment from then on, which costs it half as much and
 * is nothing that a director does.
 */
public final class CostBench {
    private static final int ROUNDS = 5;
    private static final int SETTLE_SECONDS = 4;
    private static final int MEASURED_SECONDS = 8;
    private static final int WARM_SECONDS = 360;
    private static final String TCP_CHECK = "TCP_CHECK {\n      connect_timeout 3\n    }";
    private static final String HTTP_GET =
            "HTTP_GET {\n      connect_timeout 3\n      url {\n        path /\n      }\n    }";

    /** What is compared, each with configurations and patience of its own. */
    private enum Comparison {
        TCP("TCP_CHECK", TCP_CHECK, 1_000, 2, false),
        HTTP("HTTP_GET", HTTP_GET, 1_000, 2, false),
        SHARED("TCP_CHECK, two virtual servers that share their real servers", TCP_CHECK, 1_000, 2, true),
        MANY("TCP_CHECK", TCP_CHECK, 10_000, 30, false),
        MANY_HTTP("HTTP_GET", HTTP_GET, 10_000, 30, false);

        private final String title;
        private final String check;
        private final int servers;
        private final int interval;
        private final boolean twice;

        Comparison(String title, String check, int servers, int interval, boolean twice) {
            this.title = title;
            this.check = check;
            this.servers = servers;
            this.interval = interval;
            this.twice = twice;
        }

        String config() {
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
     * @param arguments what to compare, of tcp http shared many many-http; all by default
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Comparison> wanted = arguments.length == 0
                ? List.of(Comparison.values())
                : Stream.of(arguments)
                        .map(a -> Comparison.valueOf(a.toUpperCase(Locale.ROOT).replace('-', '_')))
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
        Contender lvsd = warm(directory);
        try {
            lvsd.signalAll("STOP");
            List<Turn> theirTurns = new ArrayList<>();
            List<Turn> ourTurns = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                Contender keepalived = Contender.keepalived(directory);
                try {
                    theirTurns.add(turn(keepalived, comparison, () -> rows("/proc/net/ip_vs")));
                } finally {
                    keepalived.end();
                }
                lvsd.signalAll("CONT");
                ourTurns.add(turn(lvsd, comparison, () -> saved(directory)));
                lvsd.signalAll("STOP");
            }
            List<Double> theirs = theirTurns.stream().map(Turn::micros).toList();
            List<Double> ours = ourTurns.stream().map(Turn::micros).toList();
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
            System.out.println("  keepalived: " + shares(theirTurns));
            System.out.println("  lvsd's threads: " + shares(ourTurns));
        } finally {
            lvsd.end();
        }
    }

    /** An emulator may lose it while its code is compiled: then once more from the start. */
    private static Contender warm(Path directory) throws IOException, InterruptedException {
        while (true) {
            Contender lvsd = Contender.lvsd(directory);
            int seconds = 0;
            while (seconds < WARM_SECONDS && lvsd.isAlive()) {
                Thread.sleep(1_000);
                seconds++;
            }
            if (lvsd.isAlive()) {
                return lvsd;
            }
            System.err.println("lvsd ended after " + seconds + " s:\n" + lvsd.logTail());
            if (seconds < 5) {
                throw new IOException("lvsd does not run");
            }
        }
    }

    /** What each kind of thread used, in percent of all, most first. */
    private static String shares(List<Turn> turns) {
        Map<String, Used> used = new TreeMap<>();
        turns.forEach(turn -> turn.threads().forEach((name, some) -> used.merge(name, some, Used::plus)));
        double all = used.values().stream().mapToDouble(Used::seconds).sum();
        return used.entrySet().stream()
                .filter(e -> e.getValue().seconds() >= all / 100)
                .sorted(Comparator.comparingDouble(e -> -e.getValue().seconds()))
                .map(e -> String.format(
                        Locale.ROOT,
                        "%s %.0f %% and %.0f %% in the kernel",
                        e.getKey(),
                        100 * e.getValue().user() / all,
                        100 * e.getValue().system() / all))
                .collect(Collectors.joining(", "));
    }

    /** How many real servers are up. */
    private interface Count {
        long up() throws IOException;
    }

    private static long rows(String table) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(table))) {
            return lines.filter(l -> l.contains("Masq")).count();
        }
    }

    private static long saved(Path directory) throws IOException {
        return ControlClient.request(
                        Contender.runDirectory(Build.CURRENT, directory).resolve("lvsd.sock"), "table save")
                .body()
                .lines()
                .filter(l -> l.startsWith("-a"))
                .count();
    }

    /** Checks that fail cost something else. */
    private static void requireAllUp(Count count, Comparison comparison) throws IOException {
        if (count.up() != comparison.checks()) {
            throw new IOException("of " + comparison.checks() + " real servers " + count.up() + " are up");
        }
    }

    /** @param micros of processor time for each check that was due */
    private record Turn(double micros, Map<String, Used> threads) {}

    private static Turn turn(Contender contender, Comparison comparison, Count count)
            throws IOException, InterruptedException {
        Thread.sleep((SETTLE_SECONDS + comparison.interval) * 1_000L);
        requireAllUp(count, comparison);
        Map<String, Used> threads = contender.usedByThread();
        double before = contender.processorSeconds();
        long start = System.nanoTime();
        Thread.sleep(comparison.measuredSeconds() * 1_000L);
        double used = contender.processorSeconds() - before;
        double elapsed = (System.nanoTime() - start) / 1e9;
        Map<String, Used> after = contender.usedByThread();
        after.replaceAll((name, now) -> now.minus(threads.getOrDefault(name, new Used(0, 0))));
        requireAllUp(count, comparison);
        return new Turn(used * 1e6 / (comparison.checks() * elapsed / comparison.interval), after);
    }

    static String text(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(d -> d).sorted().toArray();
        return String.format(
                Locale.ROOT, "%.0f µs (%.0f to %.0f)", ProbeBench.median(values), sorted[0], sorted[sorted.length - 1]);
    }

    static boolean isWithinSpread(List<Double> a, List<Double> b) {
        double[] x = a.stream().mapToDouble(d -> d).sorted().toArray();
        double[] y = b.stream().mapToDouble(d -> d).sorted().toArray();
        return x[0] <= y[y.length - 1] && y[0] <= x[x.length - 1];
    }
}
