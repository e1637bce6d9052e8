package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.RepeatedSource;
import io.lvsd.core.control.ControlClient;
import io.lvsd.core.control.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Axis reload-fixed: a reload that changes the weights of ten real servers, for tables of different sizes, with the memory
 * driver on this host. The work apart from reading the file should not grow with the table. The daemon has run for a while: its
 * code is compiled, and its heap has been collected completely once, after which the young generation has its final size.
 */
public final class FixedReloadBench {
    private static final int[] SIZES = {1_000, 2_000, 5_000, 10_000, 20_000, WideConfig.REAL_SERVERS, 50_000};
    private static final int CHANGED = 10;
    private static final int ROUNDS = Quick.QUICK ? 2 : 5;
    /** The daemon collects its heap half a minute after its start. */
    private static final Duration WARM = Duration.ofSeconds(Quick.QUICK ? 1 : 45);

    /** The first loads of this process are interpreted. */
    private static final int WARM_LOADS = Quick.QUICK ? 5 : 30;
    /** A sample consists of several reloads: not each one causes a collection. */
    private static final int RELOADS = 10;

    private static final long SETTLE_MILLIS = 300;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Recorder recorder = Recorder.of("reload-fixed");
    private final int size;
    private final Path directory;
    private int written;

    private FixedReloadBench(int size) throws IOException {
        this.size = size;
        directory = Subject.directory(config(0));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (int size : Quick.QUICK ? new int[] {SIZES[0], SIZES[2]} : SIZES) {
            FixedReloadBench bench = new FixedReloadBench(size);
            bench.reloads();
            bench.reads();
        }
        System.exit(0);
    }

    /** Ten servers, spread evenly, have a weight that differs from one number to the next. */
    private String config(int number) {
        int step = size / CHANGED;
        return "lvsd {\n  driver memory\n}\n"
                + WideConfig.text(size, server -> server % step == 0 ? 20 + number % 2 : WideConfig.weight(server), "");
    }

    private Path change() throws IOException {
        return Files.writeString(directory.resolve("lvsd.conf"), config(++written));
    }

    private void reloads() throws IOException, InterruptedException {
        List<Contender> daemons = new ArrayList<>();
        try {
            for (Build build : Build.all()) {
                daemons.add(Contender.lvsd(build, directory));
            }
            long warm = System.nanoTime() + WARM.toNanos();
            while (System.nanoTime() - warm < 0) {
                round(daemons, 0);
            }
            for (int round = 1; round <= ROUNDS; round++) {
                round(daemons, round);
            }
        } finally {
            for (Contender daemon : daemons) {
                daemon.end();
            }
        }
    }

    private void round(List<Contender> daemons, int round) throws IOException, InterruptedException {
        for (int i = 0; i < daemons.size(); i++) {
            reloads(Build.all().get(i), daemons.get(i), round);
        }
    }

    /** @param round 0: not recorded */
    private void reloads(Build build, Contender daemon, int round) throws IOException, InterruptedException {
        Path socket = Contender.runDirectory(build, directory).resolve("lvsd.sock");
        daemon.awaitFile(socket, PATIENCE);
        Map<String, Long> before = daemon.nanosByThread();
        long waited = 0;
        for (int i = 0; i < RELOADS; i++) {
            change();
            long start = System.nanoTime();
            Reply reply = ControlClient.request(socket, "reload force", PATIENCE);
            waited += System.nanoTime() - start;
            if (reply.status() != 0) {
                throw new IOException(reply.body());
            }
        }
        Thread.sleep(SETTLE_MILLIS);
        if (round == 0) {
            return;
        }
        Map<String, Double> parts = new TreeMap<>();
        daemon.nanosByThread()
                .forEach((thread, nanos) -> parts.merge(
                        part(thread), (nanos - before.getOrDefault(thread, 0L)) / 1e6 / RELOADS, Double::sum));
        double all = parts.values().stream().mapToDouble(ms -> ms).sum();
        recorder.add("reload, CPU time", size, build.name(), "ms", round, all);
        parts.forEach((part, ms) -> recorder.add("reload, CPU time: " + part, size, build.name(), "ms", round, ms));
        recorder.add("reload, duration", size, build.name(), "ms", round, waited / 1e6 / RELOADS);
    }

    private static String part(String thread) {
        return switch (thread) {
            // The first thread of the process.
            case "java" -> "engine";
            // The virtual thread of the request.
            case String name when name.startsWith("ForkJoinPool") -> "reading of the file";
            case "VM Thread", "Notification Th" -> "garbage collection";
            case String name when name.contains("Compiler") -> "JIT compiler";
            default -> "other threads";
        };
    }

    /** What the daemon does first: in this process, which has read such a file before. */
    private void reads() throws IOException {
        RepeatedSource source = new RepeatedSource(ConfigLoader.Source.of(change()));
        for (int round = 1 - WARM_LOADS; round <= ROUNDS; round++) {
            change();
            long start = System.nanoTime();
            if (source.load().hasErrors()) {
                throw new IllegalStateException("the file has errors");
            }
            if (round > 0) {
                recorder.add(
                        "reading of the file alone",
                        size,
                        Recorder.LVSD,
                        "ms",
                        round,
                        (System.nanoTime() - start) / 1e6);
            }
        }
    }
}
