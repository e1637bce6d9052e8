package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
import io.lvsd.lab.bench.Contender.Used;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Axis idle: CPU time and memory of daemons that check all real servers every minute, and nothing else happens. They run one
 * after the other in one guest, which could not serve all at once, each in a network namespace of its own, with a process that plays
 * the real servers. After the rounds, a profile of lvsd shows what its CPU time is used for.
 */
public final class IdleBench {
    private static final int SIZE = Quick.QUICK ? 500 : WideConfig.REAL_SERVERS;
    private static final int INTERVAL = Quick.QUICK ? 5 : 60;
    private static final int ROUNDS = Quick.QUICK ? 1 : 3;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** Before the first round: all checks run for the first time, take their place in the interval, and code is compiled. */
    private static final int WARM_SECONDS = Quick.QUICK ? 10 : 120;

    private static final int MEASURED_SECONDS = Quick.QUICK ? 5 : 60;

    private static final double PERCENT = 100;
    private static final double MIB = 1 << 20;
    private static final double SECONDS_PER_MINUTE = 60;

    private final Recorder recorder = Recorder.of("idle");

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
        for (Subject subject : Subject.daemons()) {
            bench.measure(subject);
        }
        System.exit(0);
    }

    private void measure(Subject subject) throws IOException, InterruptedException {
        Progress.report("idle: " + subject.name() + ", " + SIZE + " real servers: start");
        String config = ProbeBench.config(SIZE, INTERVAL, ProbeBench.TCP);
        String[] space = Commands.networkSpace(subject.name());
        Process servers = ProbeBench.java(AcceptServer.class, ProbeBench.PORT, space);
        Contender contender = null;
        try {
            Thread.sleep(5_000);
            Path directory = Subject.directory(config.substring(config.indexOf("virtual_server")));
            contender = subject.start(directory, Commands.after(space, CpuProfile.PROFILED));
            contender.awaitDestinations(SIZE, PATIENCE);
            Progress.report("idle: " + subject.name() + ": the table is complete, all checks run for the first time");
            Thread.sleep(1_000L * WARM_SECONDS);
            // The guest is busy while all checks run for the first time: a server whose check failed then is back after
            // the next one.
            contender.awaitDestinations(SIZE, PATIENCE);
            Daemon daemon = new Daemon(subject, contender);
            for (int round = 1; round <= ROUNDS; round++) {
                Reading before = Reading.of(contender);
                Thread.sleep(1_000L * MEASURED_SECONDS);
                record(daemon, before, round);
            }
            if (!subject.equals(Subject.KEEPALIVED)) {
                profile(daemon, directory);
            }
        } finally {
            if (contender != null) {
                contender.kill();
            }
            servers.destroyForcibly();
        }
        // While two namespaces have services, the kernel shows only some of them in /proc/net/ip_vs.
        Commands.run(Commands.after(space, "ipvsadm", "-C"));
        Commands.run("ip", "netns", "delete", subject.name());
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
                    .forEach((duty, seconds) -> recorder.add(
                            "CPU time per minute, thread: " + duty, SIZE, name, "s", round, seconds / minutes));
        }
    }

    /** After the rounds, which it would influence, and which are valid also if it fails. */
    private void profile(Daemon daemon, Path directory) throws InterruptedException {
        Progress.report("idle: " + daemon.subject.name() + ": profile");
        try {
            CpuProfile profile = CpuProfile.start(daemon.contender, directory);
            Thread.sleep(1_000L * MEASURED_SECONDS);
            record(daemon, profile.stop());
        } catch (IOException e) {
            Progress.report("idle: " + daemon.subject.name() + ": no profile: " + e.getMessage());
        }
    }

    private void record(Daemon daemon, Map<CpuProfile.Part, Double> parts) {
        double all = parts.values().stream().mapToDouble(s -> s).sum();
        for (CpuProfile.Part part : CpuProfile.Part.values()) {
            double seconds = parts.getOrDefault(part, 0.0);
            String name = daemon.subject.name();
            recorder.add("profile: " + part.text(), SIZE, name, "s/min", 1, seconds);
            recorder.add("profile: share of " + part.text(), SIZE, name, "%", 1, PERCENT * seconds / all);
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
            case "VM Thread" -> "garbage collection";
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
}
