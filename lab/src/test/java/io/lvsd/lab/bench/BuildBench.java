package io.lvsd.lab.bench;

import io.lvsd.core.control.ControlClient;
import io.lvsd.core.control.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * This build of lvsd compared with another one, on this host: CPU time per check and per reload, by turns A B A B after a
 * warm-up, with the memory driver. One daemon is stopped (SIGSTOP) while the other one is measured.
 */
public final class BuildBench {
    private static final int ROUNDS = 7;
    private static final int WARM_SECONDS = 90;
    private static final int WARM_RELOADS = 6;
    private static final int SERVERS = 1_000;
    private static final int INTERVAL_SECONDS = 2;
    private static final int SETTLE_SECONDS = 4;
    private static final int MEASURED_SECONDS = 10;
    /** Every so many real servers change their weight at a reload. */
    private static final int CHANGED = 100;

    private static final Duration RELOAD_TIMEOUT = Duration.ofMinutes(2);

    private final Path directory;
    private final List<Path> roots;

    private BuildBench(Path directory, List<Path> roots) {
        this.directory = directory;
        this.roots = roots;
    }

    /**
     * Prints medians, spreads and ratios.
     *
     * @param arguments the root of the other checkout, which must be built
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path here = Path.of("").toAbsolutePath();
        Path other = Path.of(arguments[0]).toAbsolutePath();
        BuildBench bench = new BuildBench(Files.createTempDirectory("build-bench-"), List.of(other, here));
        Process servers = ProbeBench.java(AcceptServer.class, ProbeBench.PORT);
        try {
            Thread.sleep(2_000);
            bench.checks("TCP_CHECK", "TCP_CHECK {\n      connect_timeout 3\n    }");
            bench.checks(
                    "HTTP_GET", "HTTP_GET {\n      connect_timeout 3\n      url {\n        path /\n      }\n    }");
            bench.reloads();
        } finally {
            servers.destroy();
            servers.waitFor(5, TimeUnit.SECONDS);
        }
        System.exit(0);
    }

    private List<Contender> start(String config) throws IOException {
        List<Contender> daemons = new ArrayList<>();
        for (int i = 0; i < roots.size(); i++) {
            Path own = Files.createDirectories(directory.resolve("" + i));
            Files.writeString(own.resolve("lvsd.conf"), config);
            daemons.add(new Contender(
                    own,
                    "lvsd",
                    roots.get(i).resolve("lvsd").toString(),
                    "run",
                    "--driver",
                    "memory",
                    "-f",
                    own.resolve("lvsd.conf").toString(),
                    "--run-dir",
                    own.resolve("run").toString()));
        }
        return daemons;
    }

    private static void end(List<Contender> daemons) throws IOException, InterruptedException {
        for (Contender daemon : daemons) {
            daemon.end();
        }
    }

    private void checks(String title, String check) throws IOException, InterruptedException {
        List<Contender> daemons = start(ProbeBench.config(SERVERS, INTERVAL_SECONDS, check));
        try {
            Thread.sleep(WARM_SECONDS * 1_000L);
            requireAllUp();
            for (Contender daemon : daemons) {
                daemon.signalAll("STOP");
            }
            List<List<Double>> micros = List.of(new ArrayList<>(), new ArrayList<>());
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < daemons.size(); i++) {
                    daemons.get(i).signalAll("CONT");
                    micros.get(i).add(perCheck(daemons.get(i)));
                    daemons.get(i).signalAll("STOP");
                }
            }
            print(title + ", " + SERVERS + " checks every " + INTERVAL_SECONDS + " s, per check", micros);
        } finally {
            end(daemons);
        }
    }

    private static double perCheck(Contender daemon) throws IOException, InterruptedException {
        Thread.sleep(SETTLE_SECONDS * 1_000L);
        double before = daemon.processorSeconds();
        long start = System.nanoTime();
        Thread.sleep(MEASURED_SECONDS * 1_000L);
        double used = daemon.processorSeconds() - before;
        double elapsed = (System.nanoTime() - start) / 1e9;
        return used * 1e6 / (SERVERS * elapsed / INTERVAL_SECONDS);
    }

    /** Checks that fail have another cost. */
    private void requireAllUp() throws IOException {
        for (int i = 0; i < roots.size(); i++) {
            long up = ControlClient.request(directory.resolve(i + "/run/lvsd.sock"), "table save")
                    .body()
                    .lines()
                    .filter(l -> l.startsWith("-a"))
                    .count();
            if (up != SERVERS) {
                throw new IOException(up + " of " + SERVERS + " real servers are up in " + roots.get(i));
            }
        }
    }

    private void reloads() throws IOException, InterruptedException {
        List<Contender> daemons = start(wide(0));
        try {
            List<List<Double>> micros = List.of(new ArrayList<>(), new ArrayList<>());
            for (int round = -WARM_RELOADS; round < ROUNDS; round++) {
                for (int i = 0; i < daemons.size(); i++) {
                    Files.writeString(directory.resolve(i + "/lvsd.conf"), wide(round & 1));
                    double used = reload(daemons.get(i), directory.resolve(i + "/run/lvsd.sock"));
                    if (round >= 0) {
                        micros.get(i).add(used);
                    }
                }
            }
            print("Reload of " + WideConfig.REAL_SERVERS + " real servers, 1 % changed, until the answer", micros);
        } finally {
            end(daemons);
        }
    }

    private static String wide(int added) {
        return WideConfig.text(
                WideConfig.REAL_SERVERS,
                server -> WideConfig.weight(server) + (server % CHANGED == 0 ? 1 + added : 0),
                "");
    }

    /** Waits for the daemon to answer, and returns the duration of one reload in microseconds. */
    private static double reload(Contender daemon, Path socket) throws IOException, InterruptedException {
        while (!Files.exists(socket)) {
            if (!daemon.isAlive()) {
                throw new IOException(daemon.logTail());
            }
            Thread.sleep(100);
        }
        long start = System.nanoTime();
        Reply answer = ControlClient.request(socket, "reload force", RELOAD_TIMEOUT);
        if (answer.status() != 0) {
            throw new IOException(answer.body());
        }
        return (System.nanoTime() - start) / 1e3;
    }

    @SuppressWarnings("SystemOut")
    private static void print(String what, List<List<Double>> micros) {
        List<Double> other = micros.getFirst();
        List<Double> here = micros.getLast();
        System.out.printf(
                Locale.ROOT,
                "%s: other build %s, this build %s, ratio %.2f%s%n",
                what,
                CostBench.text(other),
                CostBench.text(here),
                ProbeBench.median(here) / ProbeBench.median(other),
                CostBench.isWithinSpread(here, other) ? " (within the spread: equal)" : "");
    }
}
