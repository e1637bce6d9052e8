package io.lvsd.lab.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * The probe engine of a real daemon with the driver memory, against a process that plays the real servers on loopback:
 * {@code lateness [SERVERS [INTERVAL [SECONDS [PAUSE]]]]} prints the delay of the start of probes and whether a server was ever marked
 * for down, and stops the process for PAUSE seconds in between.
 */
public final class ProbeBench {
    static final int PORT = 18_977;
    private static final int SERVICE_SIZE = 100;
    /** Seconds between two readings of a daemon. */
    private static final int STEP = 30;

    private ProbeBench() {}

    /** Prints what it found; ends with 1 if that is not as it should be. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int[] numbers = Stream.of(arguments).skip(1).mapToInt(Integer::parseInt).toArray();
        Process servers = java(AcceptServer.class, PORT);
        boolean good;
        try {
            Thread.sleep(1_000);
            if (!servers.isAlive()) {
                throw new IOException("port " + PORT + " is taken");
            }
            good = switch (arguments[0]) {
                case "lateness" ->
                    lateness(at(numbers, 0, 20_000), at(numbers, 1, 5), at(numbers, 2, 600), at(numbers, 3, 0));
                default -> throw new IllegalArgumentException(arguments[0]);
            };
        } finally {
            servers.destroy();
            servers.waitFor(5, TimeUnit.SECONDS);
        }
        System.exit(good ? 0 : 1);
    }

    private static int at(int[] numbers, int index, int otherwise) {
        return index < numbers.length ? numbers[index] : otherwise;
    }

    static Process java(Class<?> main, int argument, String... before) throws IOException {
        return new ProcessBuilder(Commands.after(
                        before,
                        System.getProperty("java.home") + "/bin/java",
                        // An emulator may lose a JVM that replaces code.
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        String.valueOf(argument)))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Services of a hundred real servers, each server an address of its own. */
    static String config(int servers, int interval, String check) {
        return config(servers, interval, PORT, check);
    }

    static String config(int servers, int interval, int port, String check) {
        return config(servers, interval, port, _ -> check);
    }

    /** The address of a server, from 0. */
    static String address(int server) {
        return "127." + (1 + (server >> 16)) + "." + (server >> 8 & 255) + "." + (server & 255);
    }

    /** @param checks of each server, from 0 */
    static String config(int servers, int interval, int port, IntFunction<String> checks) {
        StringBuilder text = new StringBuilder("lvsd {\n  driver memory\n}\n");
        for (int i = 0; i < servers; i++) {
            if (i % SERVICE_SIZE == 0) {
                text.append(i == 0 ? "" : "}\n");
                int n = i / SERVICE_SIZE;
                text.append("virtual_server 192.0.2.")
                        .append(n % 250 + 1)
                        .append(' ')
                        .append(1_000 + n / 250);
                text.append(" {\n  delay_loop ").append(interval);
                text.append("\n  lvs_sched rr\n  lvs_method NAT\n  protocol TCP\n");
            }
            text.append("  real_server ")
                    .append(address(i))
                    .append(' ')
                    .append(port)
                    .append(" {\n    ")
                    .append(checks.apply(i))
                    .append("\n  }\n");
        }
        return text.append("}\n").toString();
    }

    static final String TCP = "TCP_CHECK {\n      connect_timeout 3\n    }";

    @SuppressWarnings("SystemOut")
    private static boolean lateness(int servers, int interval, int seconds, int pause)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("probe-bench-");
        Files.writeString(directory.resolve("lvsd.conf"), config(servers, interval, TCP));
        Daemon daemon = new Daemon(directory);
        try {
            daemon.awaitProbes(servers, Duration.ofMinutes(3));
            long start = System.nanoTime();
            double used = daemon.processorSeconds();
            long before = daemon.number("started");
            List<String> p99 = new ArrayList<>();
            for (int passed = 0; passed < seconds; passed += STEP) {
                if (pause > 0 && passed == seconds / 2 / STEP * STEP) {
                    daemon.signal("STOP");
                    Thread.sleep(pause * 1_000L);
                    daemon.signal("CONT");
                }
                Thread.sleep(Math.min(STEP, seconds - passed) * 1_000L);
                p99.add(String.format(Locale.ROOT, "%.1f", daemon.decimal("latenessMillisP99")));
            }
            double elapsed = (System.nanoTime() - start) / 1e9;
            long probes = daemon.number("started") - before;
            long down = daemon.lines("event=rs.down");
            System.out.printf(
                    Locale.ROOT,
                    "%d servers every %d s for %.0f s%s: %d probes (%.0f a second), lateness median %.1f ms, p99 of"
                            + " a minute or two, every %d s: %s ms; %d inconclusive; %d marked down; %.1f µs"
                            + " of processor time a probe%n",
                    servers,
                    interval,
                    elapsed,
                    pause > 0 ? ", stopped for " + pause + " s" : "",
                    probes,
                    probes / elapsed,
                    daemon.decimal("latenessMillisMedian"),
                    STEP,
                    String.join(" ", p99),
                    daemon.lines("probe.inconclusive"),
                    down,
                    (daemon.processorSeconds() - used) * 1e6 / probes);
            return down == 0 && probes > 0;
        } finally {
            daemon.end();
        }
    }

    /** A daemon in a process of its own. */
    private static final class Daemon {
        private final Path directory;
        private final Process process;

        Daemon(Path directory) throws IOException {
            this.directory = directory;
            ProcessBuilder builder = new ProcessBuilder(
                            "./lvsd",
                            "run",
                            "-f",
                            directory + "/lvsd.conf",
                            "--run-dir",
                            directory + "/run",
                            "--state-dir",
                            directory + "/state")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(directory.resolve("log").toFile());
            process = builder.start();
        }

        /** Until every server was probed, and ten more seconds to warm up. */
        void awaitProbes(int servers, Duration patience) throws IOException, InterruptedException {
            long end = System.nanoTime() + patience.toNanos();
            while (number("started") < servers) {
                if (System.nanoTime() - end > 0 || !process.isAlive()) {
                    throw new IOException("the daemon does not probe: " + Files.readString(directory.resolve("log")));
                }
                Thread.sleep(500);
            }
            Thread.sleep(10_000);
        }

        long lines(String word) throws IOException {
            try (Stream<String> lines = Files.lines(directory.resolve("log"))) {
                return lines.filter(l -> l.contains(word)).count();
            }
        }

        long number(String field) throws IOException, InterruptedException {
            return (long) decimal(field);
        }

        double decimal(String field) throws IOException, InterruptedException {
            Path out = directory.resolve("status.json");
            ProcessBuilder builder = new ProcessBuilder("./lvsd", "status", "--json", "--run-dir", directory + "/run")
                    .redirectOutput(out.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.start().waitFor();
            try (JsonParser json = new JsonFactory().createParser(out.toFile())) {
                for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                    if (token == JsonToken.FIELD_NAME && json.currentName().equals(field)) {
                        json.nextToken();
                        return json.getDoubleValue();
                    }
                }
            }
            return 0;
        }

        /** User and system time of the process, /proc/PID/stat. */
        double processorSeconds() throws IOException {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
        }

        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        }

        void end() throws InterruptedException {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }
}
