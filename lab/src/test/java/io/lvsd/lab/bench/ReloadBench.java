package io.lvsd.lab.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a reload costs that changes nothing, and one that changes a little: 37,205 real servers in 2,277 virtual servers,
 * lvsd's beside packaged keepalived's, by turns, in one guest, each in a network namespace of its own.
 */
public final class ReloadBench {
    private static final int ROUNDS = 5;
    private static final int WARM_ROUNDS = 3;
    private static final long SECOND = 1_000_000_000L;
    private static final int EVERY = 100;
    private static final long STEP_MILLIS = 100;
    private static final long IDLE_MILLIS = 10_000;
    private static final int PATIENCE_SECONDS = 600;
    /** Of a core, over a second: less than that is a daemon at rest. */
    private static final double REST = 0.15;

    /** @param wallSeconds from the signal until it was at rest */
    private record Cost(double processorSeconds, double wallSeconds) {}

    private record Sample(long at, double used) {}

    private ReloadBench() {}

    /** Prints medians, spreads and ratios. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("reload-bench-");
        String config = WideConfig.text(1, WideConfig::weight, "");
        Files.writeString(directory.resolve("lvsd.conf"), config);
        Files.writeString(directory.resolve("keepalived.conf"), config);
        for (String space : List.of("bench-k", "bench-l")) {
            run("ip", "netns", "add", space);
            run("ip", "-n", space, "link", "set", "lo", "up");
        }
        Contender keepalived = Contender.keepalived(directory, "ip", "netns", "exec", "bench-k");
        Contender lvsd = Contender.lvsd(directory, "ip", "netns", "exec", "bench-l");
        try {
            waitFor("bench-k", keepalived);
            waitFor("bench-l", lvsd);
            compare(directory, keepalived, lvsd, "without a change", 0);
            compare(directory, keepalived, lvsd, "with another weight for 1 % of them", EVERY);
        } catch (IOException e) {
            report("keepalived: " + keepalived.logTail());
            report("lvsd: " + lvsd.logTail());
            throw e;
        } finally {
            keepalived.end();
            lvsd.end();
        }
        System.exit(0);
    }

    /** Not a result, but what is going on. */
    @SuppressWarnings("SystemErr")
    private static void report(String line) {
        System.err.println(line);
    }

    /** @param every of how many real servers one changes its weight from round to round; 0: none does */
    private static void compare(Path directory, Contender keepalived, Contender lvsd, String title, int every)
            throws IOException, InterruptedException {
        List<Cost> theirs = new ArrayList<>();
        List<Cost> ours = new ArrayList<>();
        for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
            if (every > 0) {
                int added = round & 1;
                String config = WideConfig.text(
                        1, server -> WideConfig.weight(server) + (server % every == 0 ? 1 + added : 0), "");
                Files.writeString(directory.resolve("keepalived.conf"), config);
                Files.writeString(directory.resolve("lvsd.conf"), config);
            }
            Cost their = reload(keepalived);
            Cost our = reload(lvsd);
            report("%s, round %d: keepalived %s, lvsd %s".formatted(title, round, their, our));
            if (round >= 0) {
                theirs.add(their);
                ours.add(our);
            }
        }
        print(title + ", processor time", theirs, ours, true);
        print(title + ", until at rest", theirs, ours, false);
    }

    @SuppressWarnings("SystemOut")
    private static void print(String what, List<Cost> theirs, List<Cost> ours, boolean processor) {
        List<Double> a = micros(theirs, processor);
        List<Double> b = micros(ours, processor);
        System.out.printf(
                Locale.ROOT,
                "%d real servers, a reload %s: keepalived %s, lvsd %s, ratio %.2f%s%n",
                WideConfig.REAL_SERVERS,
                what,
                CostBench.text(a),
                CostBench.text(b),
                ProbeBench.median(b) / ProbeBench.median(a),
                CostBench.isWithinSpread(a, b) ? " (within the spread: equal)" : "");
    }

    private static List<Double> micros(List<Cost> costs, boolean processor) {
        return costs.stream()
                .map(c -> 1e6 * (processor ? c.processorSeconds() : c.wallSeconds()))
                .toList();
    }

    /** Waits for rest, reloads, and waits for rest again. What it uses at rest is not counted. */
    private static Cost reload(Contender contender) throws IOException, InterruptedException {
        atRest(contender);
        double idle = contender.processorSeconds();
        Thread.sleep(IDLE_MILLIS);
        double before = contender.processorSeconds();
        double rate = (before - idle) * 1e3 / IDLE_MILLIS;
        long start = System.nanoTime();
        contender.signal("HUP");
        Sample rest = atRest(contender);
        double wall = (double) (rest.at() - start) / SECOND;
        return new Cost(rest.used() - before - rate * wall, wall);
    }

    /** The moment after which a second passed with next to nothing used. */
    private static Sample atRest(Contender contender) throws IOException, InterruptedException {
        List<Sample> samples = new ArrayList<>();
        long start = System.nanoTime();
        samples.add(new Sample(start, contender.processorSeconds()));
        while (true) {
            Thread.sleep(STEP_MILLIS);
            if (System.nanoTime() - start > PATIENCE_SECONDS * SECOND) {
                throw new IOException("not at rest after " + PATIENCE_SECONDS + " s");
            }
            Sample now = new Sample(System.nanoTime(), contender.processorSeconds());
            samples.add(now);
            while (now.at() - samples.get(1).at() >= SECOND) {
                samples.removeFirst();
            }
            Sample then = samples.getFirst();
            boolean whole = now.at() - then.at() >= SECOND;
            if (whole && (now.used() - then.used()) * SECOND / (now.at() - then.at()) < REST) {
                return then;
            }
        }
    }

    private static void waitFor(String space, Contender contender) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (destinations(space) < WideConfig.REAL_SERVERS) {
            if (System.nanoTime() - start > PATIENCE_SECONDS * SECOND) {
                throw new IOException("no table in " + space + " after " + PATIENCE_SECONDS + " s");
            }
            // That it still runs.
            contender.processorSeconds();
            Thread.sleep(10 * STEP_MILLIS);
        }
    }

    private static long destinations(String space) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("ip", "netns", "exec", space, "grep", "-c", "Masq", "/proc/net/ip_vs").start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        process.waitFor();
        return text.isBlank() ? 0 : Long.parseLong(text.strip());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IOException("failed: " + String.join(" ", command));
        }
    }
}
