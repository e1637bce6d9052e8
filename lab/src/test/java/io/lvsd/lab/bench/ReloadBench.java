package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Axis reload: a reload without a change, with another weight for 1 % of the real servers, and with one changed weight. lvsd and
 * packaged keepalived reload by turns in one guest, each with a table in a network namespace of its own.
 */
public final class ReloadBench {
    private static final int[] SIZES = {1_000, 10_000, WideConfig.REAL_SERVERS};
    private static final int ROUNDS = Quick.QUICK ? 2 : 3;
    private static final int WARM_ROUNDS = Quick.QUICK ? 0 : 2;
    private static final int PERCENT = 100;
    private static final long SECOND = 1_000_000_000L;
    private static final long STEP_MILLIS = 100;
    private static final long IDLE_MILLIS = 10_000;
    /** A reload has begun by then. */
    private static final long LEAST_WAIT = 2 * SECOND;

    private static final int PATIENCE_SECONDS = 600;
    /** Of a core, over a second: less than that is a daemon at rest. */
    private static final double REST = 0.15;

    /** @param wallSeconds from the signal until it was at rest */
    private record Cost(double processorSeconds, double wallSeconds) {}

    private record Sample(long at, double used) {}

    /** @param since the beginning of the first second in which little was used, until now */
    private record Rest(long since, Sample last) {}

    private final Recorder recorder = Recorder.of("reload");
    private final int size;
    private final Path directory;
    private final Map<String, Contender> contenders = new LinkedHashMap<>();

    private ReloadBench(int size) throws IOException {
        this.size = size;
        directory = Files.createTempDirectory("reload-bench-");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (int size : Quick.QUICK ? new int[] {SIZES[0]} : SIZES) {
            new ReloadBench(size).run();
        }
        System.exit(0);
    }

    private void run() throws IOException, InterruptedException {
        write(WideConfig.text(size, WideConfig::weight, ""));
        try {
            contenders.put("keepalived", Contender.keepalived(directory, namespace("keepalived")));
            for (Build build : Build.all()) {
                contenders.put(build.name(), Contender.lvsd(build, directory, namespace(build.name())));
            }
            for (Contender contender : contenders.values()) {
                contender.awaitDestinations(size, Duration.ofSeconds(PATIENCE_SECONDS));
            }
            Map<String, Double> rates = idleRates();
            compare("unchanged", 0, WARM_ROUNDS, rates);
            compare("1 % changed", PERCENT, 1, rates);
            compare("one weight changed", size, 1, rates);
        } catch (IOException e) {
            for (Map.Entry<String, Contender> contender : contenders.entrySet()) {
                System.err.println(
                        contender.getKey() + ": " + contender.getValue().logTail());
            }
            throw e;
        } finally {
            for (Contender contender : contenders.values()) {
                contender.end();
            }
        }
    }

    /** Both read the same file. */
    private void write(String config) throws IOException {
        Files.writeString(directory.resolve("lvsd.conf"), config);
        Files.writeString(directory.resolve("keepalived.conf"), config);
    }

    /** The beginning of a command in a new network namespace, which has no table yet. */
    private String[] namespace(String subject) throws IOException, InterruptedException {
        String space = subject + "-" + size;
        execute("ip", "netns", "add", space);
        execute("ip", "-n", space, "link", "set", "lo", "up");
        return new String[] {"ip", "netns", "exec", space};
    }

    /** @param every of how many real servers one changes its weight from round to round; 0: none does */
    private void compare(String what, int every, int warmRounds, Map<String, Double> rates)
            throws IOException, InterruptedException {
        for (int round = 1 - warmRounds; round <= ROUNDS; round++) {
            if (every > 0) {
                int added = round & 1;
                write(WideConfig.text(
                        size, server -> WideConfig.weight(server) + (server % every == 0 ? 1 + added : 0), ""));
            }
            for (Map.Entry<String, Contender> contender : contenders.entrySet()) {
                String subject = contender.getKey();
                Cost cost = reload(contender.getValue(), rates.getOrDefault(subject, 0.0));
                if (round > 0) {
                    recorder.add(what + ", CPU time", size, subject, "s", round, cost.processorSeconds());
                    recorder.add(what + ", duration", size, subject, "s", round, cost.wallSeconds());
                }
            }
        }
    }

    /** What each uses of a core when it is at rest. */
    private Map<String, Double> idleRates() throws IOException, InterruptedException {
        Map<String, Double> used = new LinkedHashMap<>();
        for (Map.Entry<String, Contender> contender : contenders.entrySet()) {
            awaitRest(contender.getValue(), 0);
        }
        for (Map.Entry<String, Contender> contender : contenders.entrySet()) {
            used.put(contender.getKey(), contender.getValue().processorSeconds());
        }
        Thread.sleep(IDLE_MILLIS);
        for (Map.Entry<String, Contender> contender : contenders.entrySet()) {
            double after = contender.getValue().processorSeconds();
            used.compute(
                    contender.getKey(), (_, before) -> before == null ? 0 : (after - before) * 1_000 / IDLE_MILLIS);
        }
        return used;
    }

    /** Waits for rest, reloads, and waits for rest again. What it uses at rest is not counted. */
    private static Cost reload(Contender contender, double rate) throws IOException, InterruptedException {
        awaitRest(contender, 0);
        double before = contender.processorSeconds();
        long start = System.nanoTime();
        contender.signal("HUP");
        Rest rest = awaitRest(contender, LEAST_WAIT);
        double elapsed = (double) (rest.last().at() - start) / SECOND;
        return new Cost(rest.last().used() - before - rate * elapsed, (double) (rest.since() - start) / SECOND);
    }

    /** Waits until a second has passed in which little was used. */
    private static Rest awaitRest(Contender contender, long leastWait) throws IOException, InterruptedException {
        List<Sample> samples = new ArrayList<>();
        OptionalLong since = OptionalLong.empty();
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
            if (!isRest(samples.getFirst(), now)) {
                since = OptionalLong.empty();
            } else if (since.isEmpty()) {
                since = OptionalLong.of(samples.getFirst().at());
            }
            if (since.isPresent() && now.at() - start >= leastWait) {
                return new Rest(since.getAsLong(), now);
            }
        }
    }

    private static boolean isRest(Sample then, Sample now) {
        long elapsed = now.at() - then.at();
        return elapsed >= SECOND && (now.used() - then.used()) * SECOND / elapsed < REST;
    }

    private static void execute(String... command) throws IOException, InterruptedException {
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IOException("failed: " + String.join(" ", command));
        }
    }
}
