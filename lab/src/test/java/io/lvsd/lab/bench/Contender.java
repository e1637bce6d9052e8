package io.lvsd.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A daemon that is measured, with its children. Its output goes to a file of its own. */
final class Contender {
    private static final int PATIENCE_SECONDS = 60;
    private static final double TICKS = 100;
    private static final int TAIL_LINES = 20;
    private static final long STEP_MILLIS = 500;
    private static final long PAUSE_FACTOR = 5;

    private final Process process;
    private final Path log;

    /** Starts it; {@code name} names its log. */
    Contender(Path directory, String name, String... command) throws IOException {
        log = directory.resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        process = builder.start();
    }

    /** Packaged keepalived's checkers, with a file. Without its log: on a console that would cost it much more. */
    static Contender keepalived(Path directory, String... before) throws IOException {
        return new Contender(
                directory,
                "keepalived",
                join(
                        before,
                        "keepalived",
                        "-n",
                        "-G",
                        "-C",
                        "-p",
                        directory + "/k.pid",
                        "-c",
                        directory + "/c.pid",
                        "-f",
                        directory + "/keepalived.conf"));
    }

    /** The daemon of this checkout. */
    static Contender lvsd(Path directory, String... before) throws IOException {
        return lvsd(Build.CURRENT, directory, before);
    }

    /** The daemon of a build, with the file lvsd.conf of the directory, also if keepalived runs. */
    static Contender lvsd(Build build, Path directory, String... before) throws IOException {
        return new Contender(
                directory,
                build.name(),
                join(
                        before,
                        build.launcher(),
                        "run",
                        "--force",
                        "-f",
                        directory + "/lvsd.conf",
                        "--run-dir",
                        runDirectory(build, directory).toString(),
                        "--state-dir",
                        directory + "/" + build.name() + "-state"));
    }

    /** Where the control socket of a daemon is. */
    static Path runDirectory(Build build, Path directory) {
        return directory.resolve(build.name() + "-run");
    }

    private static String[] join(String[] before, String... command) {
        return Stream.concat(Stream.of(before), Stream.of(command)).toArray(String[]::new);
    }

    private Stream<ProcessHandle> all() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    long pid() {
        return process.pid();
    }

    /** What it writes. */
    Path log() {
        return log;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Processor time so far. A process that has ended is a failure: its part would be missing. */
    double processorSeconds() throws IOException {
        double seconds = 0;
        for (ProcessHandle handle : all().toList()) {
            seconds += used(Files.readString(Path.of("/proc/" + handle.pid() + "/stat")))
                    .seconds();
        }
        return seconds;
    }

    /** Processor time so far. */
    record Used(double user, double system) {
        Used plus(Used other) {
            return new Used(user + other.user, system + other.system);
        }

        Used minus(Used other) {
            return new Used(user - other.user, system - other.system);
        }

        double seconds() {
            return user + system;
        }
    }

    /** Processor time of its threads so far, by name without numbers. */
    Map<String, Used> usedByThread() throws IOException {
        Map<String, Used> used = new TreeMap<>();
        for (ProcessHandle handle : all().toList()) {
            try (Stream<Path> tasks = Files.list(Path.of("/proc/" + handle.pid() + "/task"))) {
                for (Path task : tasks.toList()) {
                    String stat = Files.readString(task.resolve("stat"));
                    String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                    used.merge(withoutNumbers(name), used(stat), Used::plus);
                }
            }
        }
        return used;
    }

    /**
     * Time on a processor of its threads so far in nanoseconds, by name without numbers: as the scheduler counts it, which is finer than
     * {@link #usedByThread}.
     */
    Map<String, Long> nanosByThread() throws IOException {
        Map<String, Long> nanos = new TreeMap<>();
        for (ProcessHandle handle : all().toList()) {
            try (Stream<Path> tasks = Files.list(Path.of("/proc/" + handle.pid() + "/task"))) {
                for (Path task : tasks.toList()) {
                    String name = Files.readString(task.resolve("comm")).strip();
                    String time = Files.readString(task.resolve("schedstat")).split(" ")[0];
                    nanos.merge(withoutNumbers(name), Long.parseLong(time), Long::sum);
                }
            }
        }
        return nanos;
    }

    static String withoutNumbers(String thread) {
        return thread.replaceAll("[-#]?\\d+", "");
    }

    private static Used used(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new Used(Long.parseLong(fields[11]) / TICKS, Long.parseLong(fields[12]) / TICKS);
    }

    /** The end of what it wrote. */
    String logTail() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }

    /** Sends a signal to it alone. */
    void signal(String name) throws IOException, InterruptedException {
        kill(name, List.of(process.toHandle()));
    }

    /** Sends a signal to it and its children. */
    void signalAll(String name) throws IOException, InterruptedException {
        kill(name, all().toList());
    }

    /** A child that has ended meanwhile is no failure. */
    private static void kill(String name, List<ProcessHandle> handles) throws IOException, InterruptedException {
        for (ProcessHandle handle : handles) {
            int status = new ProcessBuilder("kill", "-" + name, String.valueOf(handle.pid()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (status != 0 && handle.isAlive()) {
                throw new IOException("kill -" + name + " " + handle.pid() + " ends with " + status);
            }
        }
    }

    /** Ends it and its children at once, so that the table remains as it is. */
    void kill() {
        List<ProcessHandle> handles = all().toList();
        handles.forEach(ProcessHandle::destroyForcibly);
        handles.forEach(handle -> handle.onExit().join());
    }

    /** Pss of it and its children: memory that processes share counts in parts. */
    long proportionalBytes() throws IOException {
        long kib = 0;
        for (ProcessHandle handle : all().toList()) {
            kib += kib(handle.pid(), "smaps_rollup", "Pss:");
        }
        return kib * 1_024;
    }

    private static long kib(long pid, String file, String key) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/" + file))) {
            String line = lines.filter(l -> l.startsWith(key)).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", ""));
        }
    }

    /** Waits until it has created a file, such as its control socket. */
    void awaitFile(Path file, Duration patience) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!Files.exists(file)) {
            if (!process.isAlive() || System.nanoTime() - start > patience.toNanos()) {
                throw new IOException(file + " is missing\n" + logTail());
            }
            Thread.sleep(STEP_MILLIS);
        }
    }

    /** VmRSS of its process without children. */
    long residentBytes() throws IOException {
        return 1_024 * kib(process.pid(), "status", "VmRSS:");
    }

    /**
     * Real servers in the table of its network namespace. Right only if no other namespace has services: with two of 37,205 real
     * servers, {@code /proc/net/ip_vs} of Linux 6.1 showed half of them.
     */
    long destinations() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/net/ip_vs"))) {
            return lines.filter(l -> l.contains("Masq")).count();
        }
    }

    /** Waits until its table has so many real servers. */
    void awaitDestinations(long wanted, Duration patience) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            long start = System.nanoTime();
            long present = destinations();
            if (present == wanted) {
                return;
            }
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException(present + " of " + wanted + " real servers are in the table\n" + logTail());
            }
            // A large table takes the kernel long to print.
            Thread.sleep(Math.max(STEP_MILLIS, PAUSE_FACTOR * (System.nanoTime() - start) / 1_000_000));
        }
    }

    /** For sure: one that lived on would be measured with the next. */
    void end() throws IOException, InterruptedException {
        List<ProcessHandle> handles = all().toList();
        if (process.isAlive()) {
            signalAll("CONT");
        }
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            handles.forEach(ProcessHandle::destroyForcibly);
        }
        for (ProcessHandle handle : handles) {
            handle.onExit().join();
        }
    }
}
