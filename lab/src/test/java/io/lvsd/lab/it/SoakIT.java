package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.control.ControlClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Simulates a day of a busy director in minutes: a daemon in a dry run, whose hundred real servers fail and return with the number in a
 * file, which reloads every hundred transitions, writes to a FIFO without reader and runs scripts. After
 * it, heap, threads, descriptors and store must be what they were when it was warm. Ten days with {@code -Pfull}.
 */
final class SoakIT {
    private static final int SERVICES = 10;
    private static final int SERVERS = 10;
    /** Each is a hundred transitions and a reload. */
    private static final int TURNS = Integer.getInteger("lvsd.lab.reloads", 1_000);

    /** The size at which the store is rewritten, and some lines. */
    private static final long STORE_LIMIT = (4 << 20) + (64 << 10);

    private static final double HEAP_NOISE = 1.15;
    /** Threads that a pool starts when it is busy, and ends when it is not. */
    private static final int POOLS = 8;

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path directory;

    /** What a process holds. */
    private record Holding(long heapBytes, long threads, long descriptors, long storeBytes) {}

    private String config(int variant) {
        StringBuilder text = new StringBuilder("global_defs {\n lvs_notify_fifo " + directory + "/fifo\n}\n"
                + "track_file life {\n file " + directory + "/life\n weight 0\n}\n");
        for (int service = 0; service < SERVICES + variant % 2; service++) {
            text.append("virtual_server 192.0.2.").append(1 + service);
            text.append(" 80 {\n lvs_sched wrr\n lvs_method NAT\n protocol TCP\n removal_grace 0\n")
                    .append(service == 0 ? " quorum_up \"/bin/true\"\n quorum_down \"/bin/true\"\n" : "");
            for (int server = 0; server < SERVERS; server++) {
                text.append(" real_server 10.0.").append(service).append('.').append(1 + server);
                text.append(" 80 {\n  weight ").append(1 + (server + variant) % 3);
                text.append("\n  FILE_CHECK {\n   track_file life\n   weight 0\n  }\n }\n");
            }
            text.append("}\n");
        }
        return text.toString();
    }

    private Path socket() {
        return directory.resolve("run/lvsd.sock");
    }

    /** How many real servers the table has; none while the daemon does not answer. */
    private long inTable() {
        try {
            return ControlClient.request(socket(), "table save")
                    .body()
                    .lines()
                    .filter(l -> l.startsWith("-a"))
                    .count();
        } catch (IOException e) {
            return -1;
        }
    }

    private void until(long servers, Process daemon) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE;
        while (inTable() != servers) {
            if (System.nanoTime() > end || !daemon.isAlive()) {
                throw new AssertionError(inTable() + " real servers instead of " + servers + "\n"
                        + Files.readString(directory.resolve("log"))
                                .lines()
                                .skip(Math.max(
                                        0,
                                        Files.readAllLines(directory.resolve("log"))
                                                        .size()
                                                - 50))
                                .toList());
            }
            Thread.sleep(2);
        }
    }

    private void turn(int number, Process daemon) throws IOException, InterruptedException {
        int services = SERVICES + number % 2;
        Files.writeString(directory.resolve("life"), "1\n");
        until(0, daemon);
        Files.writeString(directory.resolve("lvsd.conf"), config(number));
        assertEquals(0, ControlClient.request(socket(), "reload force").status());
        Files.writeString(directory.resolve("life"), "0\n");
        until((long) services * SERVERS, daemon);
    }

    private Holding holding(Process daemon) throws IOException, InterruptedException {
        Path proc = Path.of("/proc/" + daemon.pid());
        long store;
        try (Stream<Path> files = Files.walk(directory.resolve("state"))) {
            store = files.filter(Files::isRegularFile)
                    .mapToLong(f -> f.toFile().length())
                    .sum();
        }
        return new Holding(liveBytes(daemon), count(proc.resolve("task")), count(proc.resolve("fd")), store);
    }

    private static long count(Path of) throws IOException {
        try (Stream<Path> entries = Files.list(of)) {
            return entries.count();
        }
    }

    /** After a full collection. */
    private static long liveBytes(Process daemon) throws IOException {
        Process histogram = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/jcmd", "" + daemon.pid(), "GC.class_histogram")
                .start();
        try (var reader = histogram.inputReader()) {
            List<String> totals =
                    reader.lines().filter(l -> l.startsWith("Total")).toList();
            return Long.parseLong(totals.getLast().split("\\s+")[2]);
        }
    }

    @Test
    void nothingGrows() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("lvsd.conf"), config(0));
        Files.writeString(directory.resolve("life"), "0\n");
        Process daemon = new ProcessBuilder(
                        "./lvsd",
                        "run",
                        "--driver",
                        "memory",
                        "-f",
                        directory + "/lvsd.conf",
                        "--run-dir",
                        directory + "/run",
                        "--state-dir",
                        directory + "/state")
                .directory(Path.of("..").toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        try {
            until((long) SERVICES * SERVERS, daemon);
            int warm = TURNS / 3;
            for (int i = 0; i < warm; i++) {
                turn(i, daemon);
            }
            Holding before = holding(daemon);
            for (int i = warm; i < TURNS; i++) {
                turn(i, daemon);
            }
            Holding after = holding(daemon);
            System.out.println(TURNS + " reloads, " + 2L * TURNS * SERVICES * SERVERS + " transitions: " + before
                    + ", then " + after);
            assertTrue(after.heapBytes() < before.heapBytes() * HEAP_NOISE, "heap");
            assertTrue(after.threads() <= before.threads() + POOLS, "threads");
            assertTrue(after.descriptors() <= before.descriptors() + 2, "descriptors");
            assertTrue(after.storeBytes() < STORE_LIMIT, "store");
        } finally {
            daemon.destroy();
            assertTrue(daemon.waitFor(60, TimeUnit.SECONDS));
        }
    }
}
