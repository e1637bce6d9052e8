package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Axis memory: what lvsd needs for TCP checks every minute with the memory driver, on this host. All sizes run at the same time.
 * Resident memory is VmRSS, which contains the pages of files that processes share; live memory is that of the objects after a full
 * collection.
 */
public final class MemoryBench {
    private static final int[] SIZES = {10, 1_000, 10_000, WideConfig.REAL_SERVERS};
    private static final int INTERVAL = 60;
    /** All checks have run by then. */
    private static final long SETTLE_SECONDS = Quick.QUICK ? 5 : 30;

    private static final long CHECK_SECONDS = Quick.QUICK ? 5 : INTERVAL;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final double MIB = 1 << 20;
    private static final double KIB = 1 << 10;

    private final Recorder recorder = Recorder.of("memory");

    private MemoryBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Process servers = ProbeBench.java(AcceptServer.class, ProbeBench.PORT);
        try {
            Thread.sleep(2_000);
            if (!servers.isAlive()) {
                throw new IOException("port " + ProbeBench.PORT + " is in use");
            }
            for (Build build : Build.all()) {
                new MemoryBench().measure(build);
            }
        } finally {
            servers.destroy();
            servers.waitFor();
        }
        System.exit(0);
    }

    /** @param size number of real servers */
    private record Daemon(int size, Contender contender) {}

    private void measure(Build build) throws IOException, InterruptedException {
        List<Daemon> daemons = new ArrayList<>();
        try {
            for (int size : SIZES) {
                Path directory = Subject.directory(ProbeBench.config(size, INTERVAL, ProbeBench.TCP));
                Contender contender = Contender.lvsd(build, directory);
                daemons.add(new Daemon(size, contender));
                contender.awaitFile(Contender.runDirectory(build, directory).resolve("lvsd.sock"), PATIENCE);
            }
            Thread.sleep(1_000 * (SETTLE_SECONDS + CHECK_SECONDS));
            for (Daemon daemon : daemons) {
                double bytes = daemon.contender.residentBytes();
                recorder.add("resident memory", daemon.size, build.name(), "MiB", 1, bytes / MIB);
            }
            live(build, daemons);
        } finally {
            for (Daemon daemon : daemons) {
                daemon.contender.end();
            }
        }
    }

    /** The difference to the smallest table, which has what does not depend on the size. */
    private void live(Build build, List<Daemon> daemons) throws IOException, InterruptedException {
        Daemon smallest = daemons.getFirst();
        double fixed = JavaHeap.liveBytes(smallest.contender.pid());
        for (Daemon daemon : daemons.subList(1, daemons.size())) {
            double bytes = JavaHeap.liveBytes(daemon.contender.pid()) - fixed;
            double each = bytes / (daemon.size - smallest.size);
            recorder.add("live memory per real server", daemon.size, build.name(), "KiB", 1, each / KIB);
        }
    }
}
