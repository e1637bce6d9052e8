package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
import io.lvsd.lab.bench.Contender.Used;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Axis idle: CPU time and memory of daemons that check all real servers every minute, and nothing else happens. They run at the
 * same time in one guest, each in a network namespace of its own, with a process that plays the real servers.
 */
public final class IdleBench {
    private static final int SIZE = Quick.QUICK ? 500 : WideConfig.REAL_SERVERS;
    private static final int INTERVAL = Quick.QUICK ? 5 : 60;
    private static final int ROUNDS = Quick.QUICK ? 1 : 3;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final double MIB = 1 << 20;
    private static final double SECONDS_PER_MINUTE = 60;

    private final Recorder recorder = Recorder.of("idle");
    private final List<Daemon> daemons = new ArrayList<>();
    private final List<Process> servers = new ArrayList<>();

    private record Daemon(Subject subject, Contender contender) {}

    /**
     * What a daemon did so far.
     *
     * @param connects attempts to connect in its network namespace: one for each check
     */
    private record Reading(long nanos, double seconds, Map<String, Used> threads, long connects) {
        static Reading of(Contender contender) throws IOException {
            return new Reading(
                    System.nanoTime(),
                    contender.processorSeconds(),
                    contender.usedByThread(),
                    activeOpens(contender.pid()));
        }
    }

    private IdleBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        IdleBench bench = new IdleBench();
        try {
            bench.start();
            Thread.sleep(2_000L * INTERVAL);
            for (int round = 1; round <= ROUNDS; round++) {
                bench.round(round);
            }
        } finally {
            bench.end();
        }
        System.exit(0);
    }

    private void start() throws IOException, InterruptedException {
        String config = ProbeBench.config(SIZE, INTERVAL, ProbeBench.TCP);
        for (Subject subject : Subject.daemons()) {
            String[] space = Commands.networkSpace(subject.name());
            servers.add(ProbeBench.java(AcceptServer.class, ProbeBench.PORT, space));
            Thread.sleep(5_000);
            Path directory = Subject.directory(config.substring(config.indexOf("virtual_server")));
            daemons.add(new Daemon(subject, subject.start(directory, space)));
        }
        for (Daemon daemon : daemons) {
            daemon.contender.awaitDestinations(SIZE, PATIENCE);
        }
    }

    private void round(int round) throws IOException, InterruptedException {
        List<Reading> before = new ArrayList<>();
        for (Daemon daemon : daemons) {
            before.add(Reading.of(daemon.contender));
        }
        Thread.sleep(1_000L * INTERVAL);
        for (int i = 0; i < daemons.size(); i++) {
            record(daemons.get(i), before.get(i), round);
        }
    }

    private void record(Daemon daemon, Reading before, int round) throws IOException, InterruptedException {
        Reading after = Reading.of(daemon.contender);
        // A server that fails costs something else.
        daemon.contender.awaitDestinations(SIZE, Duration.ZERO);
        String name = daemon.subject.name();
        double minutes = (after.nanos - before.nanos) / (1e9 * SECONDS_PER_MINUTE);
        recorder.add("CPU time per minute", SIZE, name, "s", round, (after.seconds - before.seconds) / minutes);
        recorder.add("checks per minute", SIZE, name, "checks", round, (after.connects - before.connects) / minutes);
        recorder.add("resident memory", SIZE, name, "MiB", round, daemon.contender.proportionalBytes() / MIB);
        if (!daemon.subject.equals(Subject.KEEPALIVED)) {
            byDuty(before.threads, after.threads)
                    .forEach((duty, seconds) ->
                            recorder.add("CPU time per minute, " + duty, SIZE, name, "s", round, seconds / minutes));
        }
    }

    private static Map<String, Double> byDuty(Map<String, Used> before, Map<String, Used> after) {
        Map<String, Double> seconds = new TreeMap<>();
        after.forEach((thread, used) -> seconds.merge(
                duty(thread),
                used.minus(before.getOrDefault(thread, new Used(0, 0))).seconds(),
                Double::sum));
        return seconds;
    }

    private static String duty(String thread) {
        return switch (thread) {
            // the first thread of the process
            case "java" -> "engine";
            case "ipvs" -> "table";
            case "probe" -> "checks";
            default -> thread.contains("Compiler") ? "JIT compiler" : "other threads";
        };
    }

    private static long activeOpens(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/net/snmp"))) {
            // A line with the names, and a line with the values.
            List<String[]> tcp = lines.filter(l -> l.startsWith("Tcp:"))
                    .map(l -> l.split(" "))
                    .toList();
            int column = List.of(tcp.getFirst()).indexOf("ActiveOpens");
            return Long.parseLong(tcp.getLast()[column]);
        }
    }

    private void end() {
        daemons.forEach(d -> d.contender.kill());
        servers.forEach(Process::destroyForcibly);
    }
}
