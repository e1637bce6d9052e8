package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
import io.lvsd.lab.bench.KernelTrace.Event;
import io.lvsd.lab.bench.KernelTrace.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Axis half: every second real server fails at the same moment; the time until the last one is removed from the table. With
 * FILE_CHECK, the daemon is informed of all failures at once. With TCP_CHECK, it finds them within the interval of the checks, which
 * is the same for all daemons.
 */
public final class HalfBench {
    private static final int[] SIZES = {1_000, 5_000, WideConfig.REAL_SERVERS};
    private static final int TCP_SIZE = Quick.QUICK ? 200 : 2_000;
    private static final int INTERVAL = 5;
    private static final int PORT = ProbeBench.PORT + 1;
    private static final int ROUNDS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final long SETTLE_MILLIS = 5_000;
    private static final String ALL_PASS = "";

    private final Recorder recorder = Recorder.of("half");

    /** The servers that fail, and how. */
    private interface Servers extends AutoCloseable {
        String config() throws IOException;

        void fail() throws IOException, InterruptedException;

        void recover() throws IOException, InterruptedException;

        @Override
        void close();
    }

    private HalfBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        HalfBench bench = new HalfBench();
        Path file = Files.createTempFile("half", "");
        // One more than an even number: the half is not the same for both parts.
        for (int size : Quick.QUICK ? new int[] {201} : SIZES) {
            try (Servers servers = new FileServers(file, size)) {
                bench.compare("FILE_CHECK", size, servers);
            }
        }
        try (Servers servers = new TcpServers()) {
            bench.compare("TCP_CHECK every " + INTERVAL + " s", TCP_SIZE, servers);
        }
        System.exit(0);
    }

    /** Checks of a number in one file. */
    private record FileServers(Path file, int size) implements Servers {
        @Override
        public String config() throws IOException {
            recover();
            String check = "FILE_CHECK {\n      track_file half\n      weight 0\n    }";
            return "track_file half {\n  file " + file + "\n}\n" + servers(size, check, ALL_PASS);
        }

        @Override
        public void fail() throws IOException {
            Files.writeString(file, "1\n");
        }

        @Override
        public void recover() throws IOException {
            Files.writeString(file, "0\n");
        }

        @Override
        public void close() {
            // nothing runs
        }
    }

    /** A port whose listener ends. */
    private static final class TcpServers implements Servers {
        private final Process others;
        private Process failing;

        TcpServers() throws IOException, InterruptedException {
            others = ProbeBench.java(AcceptServer.class, ProbeBench.PORT);
            failing = ProbeBench.java(AcceptServer.class, PORT);
            Thread.sleep(SETTLE_MILLIS);
        }

        @Override
        public String config() {
            return servers(TCP_SIZE, check(PORT), check(ProbeBench.PORT));
        }

        private static String check(int port) {
            return "TCP_CHECK {\n      connect_port " + port + "\n      connect_timeout 3\n      retry 0\n    }";
        }

        @Override
        public void fail() {
            failing.destroyForcibly();
        }

        @Override
        public void recover() throws IOException, InterruptedException {
            failing.waitFor();
            failing = ProbeBench.java(AcceptServer.class, PORT);
        }

        @Override
        public void close() {
            failing.destroyForcibly();
            others.destroyForcibly();
        }
    }

    private static String servers(int size, String failing, String others) {
        String config =
                ProbeBench.config(size, INTERVAL, ProbeBench.PORT, server -> server % 2 == 0 ? failing : others);
        return config.substring(config.indexOf("virtual_server"));
    }

    private void compare(String check, int size, Servers servers) throws IOException, InterruptedException {
        // More at the largest size, which has the target; the others show how the time grows.
        int rounds = size == WideConfig.REAL_SERVERS ? ROUNDS : 1;
        for (int round = 1; round <= rounds; round++) {
            for (Subject subject : Subject.daemons()) {
                turn(check, size, servers, subject, round);
            }
        }
    }

    /** One failure after a start, as kernels remember removed real servers for minutes, and search them at each addition. */
    private void turn(String check, int size, Servers servers, Subject subject, int round)
            throws IOException, InterruptedException {
        String name = "half: " + check + ", " + size + " real servers, round " + round + ", " + subject.name() + ": ";
        Progress.report(name + "start");
        try (KernelTrace trace = KernelTrace.ofTableAndConnections(PORT)) {
            Contender daemon = subject.start(Subject.directory(servers.config()));
            try {
                daemon.awaitDestinations(size, PATIENCE);
                Progress.report(name + "the table is complete");
                Thread.sleep(SETTLE_MILLIS);
                trace.restart();
                long start = System.nanoTime();
                servers.fail();
                daemon.awaitDestinations(size - failing(size), PATIENCE);
                record(check, size, subject, round, start, trace.stop());
            } finally {
                daemon.kill();
            }
        }
        servers.recover();
        Commands.emptyTable();
    }

    /** Every second one, beginning with the first. */
    private static int failing(int size) {
        return (size + 1) / 2;
    }

    private void record(String check, int size, Subject subject, int round, long start, List<Event> events)
            throws IOException {
        List<Event> removed =
                events.stream().filter(e -> e.kind() == Kind.REMOVED).toList();
        if (removed.size() != failing(size)) {
            throw new IOException(removed.size() + " of " + failing(size) + " real servers were removed");
        }
        long last = removed.getLast().nanos();
        recorder.add(check + ": failure to last removal", size, subject.name(), "s", round, (last - start) / 1e9);
        // The next checks of removed servers fail as well.
        events.stream()
                .filter(e -> e.kind() == Kind.REFUSED
                        && e.address().equals(removed.getLast().address()))
                .findFirst()
                .ifPresent(refused -> recorder.add(
                        check + ": last failed check to its removal",
                        size,
                        subject.name(),
                        "ms",
                        round,
                        (last - refused.nanos()) / 1e6));
    }
}
