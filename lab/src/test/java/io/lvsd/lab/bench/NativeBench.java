package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
import io.lvsd.core.control.ControlClient;
import io.lvsd.core.control.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Axis native: CPU time of a check and duration of a reload on this host, with the driver memory, for this build and an older one by
 * turns. One daemon is stopped (SIGSTOP) while the other one is measured.
 */
public final class NativeBench {
    private static final int ROUNDS = Quick.QUICK ? 1 : 3;
    private static final int WARM_SECONDS = Quick.QUICK ? 10 : 20;
    private static final int WARM_RELOADS = Quick.QUICK ? 0 : 4;
    private static final int SERVERS = 1_000;
    private static final int INTERVAL_SECONDS = 2;
    private static final int SETTLE_SECONDS = 2;
    private static final int MEASURED_SECONDS = 8;
    private static final int[] SIZES = {1_000, 10_000, WideConfig.REAL_SERVERS};
    /** Every so many real servers change their weight at a reload. */
    private static final int CHANGED = 100;

    private static final Duration RELOAD_TIMEOUT = Duration.ofMinutes(2);

    private final Recorder recorder = Recorder.of("native");
    private final Path directory = Files.createTempDirectory("native-bench-");
    private final List<Build> builds = Build.all();

    private NativeBench() throws IOException {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        NativeBench bench = new NativeBench();
        Process servers = ProbeBench.java(AcceptServer.class, ProbeBench.PORT);
        try {
            Thread.sleep(2_000);
            bench.checks("TCP_CHECK", "TCP_CHECK {\n      connect_timeout 3\n    }");
            bench.checks(
                    "HTTP_GET", "HTTP_GET {\n      connect_timeout 3\n      url {\n        path /\n      }\n    }");
            for (int size : Quick.QUICK ? new int[] {SIZES[0]} : SIZES) {
                bench.reloads(size);
            }
        } finally {
            servers.destroy();
            servers.waitFor(5, TimeUnit.SECONDS);
        }
        System.exit(0);
    }

    /** Starts all builds with a configuration. */
    private List<Contender> start(String config) throws IOException {
        Files.writeString(directory.resolve("lvsd.conf"), config);
        List<Contender> daemons = new ArrayList<>();
        for (Build build : builds) {
            daemons.add(Contender.lvsd(build, directory));
        }
        return daemons;
    }

    private Path socket(Build build) {
        return Contender.runDirectory(build, directory).resolve("lvsd.sock");
    }

    private static void end(List<Contender> daemons) throws IOException, InterruptedException {
        for (Contender daemon : daemons) {
            daemon.end();
        }
    }

    private void checks(String keyword, String check) throws IOException, InterruptedException {
        Progress.report("native: " + keyword + ": start of the daemons");
        List<Contender> daemons = start(ProbeBench.config(SERVERS, INTERVAL_SECONDS, check));
        try {
            Thread.sleep(WARM_SECONDS * 1_000L);
            for (int i = 0; i < builds.size(); i++) {
                requireAllUp(builds.get(i));
                daemons.get(i).signalAll("STOP");
            }
            for (int round = 1; round <= ROUNDS; round++) {
                for (int i = 0; i < builds.size(); i++) {
                    daemons.get(i).signalAll("CONT");
                    double micros = perCheck(daemons.get(i));
                    daemons.get(i).signalAll("STOP");
                    recorder.add(keyword, SERVERS, builds.get(i).name(), "µs CPU", round, micros);
                }
            }
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
    private void requireAllUp(Build build) throws IOException {
        long up = ControlClient.request(socket(build), "table save")
                .body()
                .lines()
                .filter(l -> l.startsWith("-a"))
                .count();
        if (up != SERVERS) {
            throw new IOException(up + " of " + SERVERS + " real servers are up in " + build.root());
        }
    }

    private void reloads(int size) throws IOException, InterruptedException {
        Progress.report("native: reloads of " + size + " real servers: start of the daemons");
        List<Contender> daemons = start(wide(size, 0));
        try {
            for (int round = 1 - WARM_RELOADS; round <= ROUNDS; round++) {
                Files.writeString(directory.resolve("lvsd.conf"), wide(size, 1 + (round & 1)));
                for (int i = 0; i < builds.size(); i++) {
                    double millis = reload(daemons.get(i), socket(builds.get(i)));
                    if (round > 0) {
                        recorder.add("reload, 1 % changed", size, builds.get(i).name(), "ms", round, millis);
                    }
                }
            }
        } finally {
            end(daemons);
        }
    }

    private static String wide(int size, int added) {
        String table = WideConfig.text(
                size, server -> WideConfig.weight(server) + (server % CHANGED == 0 ? 1 + added : 0), "");
        return "lvsd {\n  driver memory\n}\n" + table;
    }

    /** Waits for the daemon to answer, and returns the duration of one reload, until its reply. */
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
        return (System.nanoTime() - start) / 1e6;
    }
}
