package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Axis metrics: time of a scrape with gzip, by turns. The counters of the table alone are compared with node_exporter's collector ipvs,
 * which reads the same table from files as in /proc.
 */
public final class MetricsBench {
    private static final int[] SIZES = {100, 1_000, 10_000, 20_000};
    private static final int SERVERS = 100;
    private static final int ROUNDS = Quick.QUICK ? 2 : 5;
    private static final int SCRAPES = Quick.QUICK ? 2 : 10;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int HTTP = 19_180;
    private static final int NODE = 19_100;
    private static final Path NODE_EXPORTER = Path.of(
            System.getenv().getOrDefault("LVSD_LAB_CACHE", "/var/tmp/lvsd-lab"),
            "prometheus/usr/bin/prometheus-node-exporter");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Recorder recorder = Recorder.of("metrics");
    private final int size;
    private final Path directory;

    private MetricsBench(int size) throws IOException {
        this.size = size;
        directory = Files.createTempDirectory("metrics-bench");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (int size : Quick.QUICK ? new int[] {SIZES[0], SIZES[1]} : SIZES) {
            new MetricsBench(size).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        Progress.report("metrics: " + size + " real servers: start of the programs");
        Path proc = Files.createDirectories(directory.resolve("proc/net"));
        Files.writeString(proc.resolve("ip_vs"), table());
        Files.writeString(proc.resolve("ip_vs_stats"), """
               Total Incoming Outgoing         Incoming         Outgoing
               Conns  Packets  Packets            Bytes            Bytes
             16AA370 E33656E5        0     51D8C8883AB3                0

             Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
                   4    1FB3C        0          1282A8F                0
            """);
        List<Build> builds = Build.all();
        List<Process> processes = new ArrayList<>();
        try {
            processes.add(start(
                    "node_exporter",
                    NODE_EXPORTER.toString(),
                    "--collector.disable-defaults",
                    "--collector.ipvs",
                    "--web.disable-exporter-metrics",
                    "--path.procfs=" + directory.resolve("proc"),
                    "--web.listen-address=127.0.0.1:" + NODE));
            await(NODE, processes.getLast());
            for (int i = 0; i < builds.size(); i++) {
                processes.add(lvsd(builds.get(i), HTTP + i));
                await(HTTP + i, processes.getLast());
            }
            for (int round = 0; round <= ROUNDS; round++) {
                scrapes("counters of the table", "node_exporter", round, NODE, "");
                for (int i = 0; i < builds.size(); i++) {
                    String name = builds.get(i).name();
                    scrapes("counters of the table", name, round, HTTP + i, "?collect=ipvs");
                    scrapes("states of servers", name, round, HTTP + i, "?collect=servers");
                    scrapes("all metrics", name, round, HTTP + i, "");
                }
            }
        } finally {
            for (Process process : processes) {
                process.destroy();
                boolean _ = process.waitFor(30, TimeUnit.SECONDS);
            }
        }
    }

    private Process lvsd(Build build, int port) throws IOException {
        Path config = Files.writeString(directory.resolve(build.name() + ".conf"), config(port));
        return start(
                build.name(),
                build.launcher(),
                "run",
                "--driver",
                "memory",
                "-f",
                config.toString(),
                "--run-dir",
                directory.resolve(build.name() + "-run").toString());
    }

    /** The mean of some scrapes. Round 0 warms up. */
    private void scrapes(String what, String subject, int round, int port, String query)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        for (int i = 0; i < SCRAPES; i++) {
            get("http://127.0.0.1:" + port + "/metrics" + query);
        }
        double millis = (System.nanoTime() - start) / 1e6 / SCRAPES;
        if (round > 0) {
            recorder.add(what, size, subject, "ms", round, millis);
        }
    }

    private String config(int port) {
        StringBuilder text = new StringBuilder(
                "lvsd {\n http {\n  listen 127.0.0.1:" + port + "\n }\n metrics {\n  ipvs_metrics on\n }\n}\n");
        for (int v = 0; v < size / SERVERS; v++) {
            text.append("virtual_server 192.0.2.")
                    .append(v)
                    .append(" 80 {\n protocol TCP\n lvs_sched wlc\n lvs_method NAT\n");
            for (int i = 0; i < SERVERS; i++) {
                text.append(" real_server 10.0.")
                        .append(v)
                        .append('.')
                        .append(i)
                        .append(" 8080 {\n  weight 3\n }\n");
            }
            text.append("}\n");
        }
        return text.toString();
    }

    /** The same table as in /proc/net/ip_vs. */
    private String table() {
        StringBuilder text = new StringBuilder("IP Virtual Server version 1.2.1 (size=4096)\n"
                + "Prot LocalAddress:Port Scheduler Flags\n"
                + "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n");
        for (int v = 0; v < size / SERVERS; v++) {
            text.append(String.format(Locale.ROOT, "TCP  C00002%02X:0050 wlc  %n", v));
            for (int i = 0; i < SERVERS; i++) {
                text.append(String.format(
                        Locale.ROOT, "  -> 0A00%02X%02X:1F90      Masq    3      0          0         %n", v, i));
            }
        }
        return text.toString();
    }

    private Process start(String name, String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
    }

    private static void get(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Accept-Encoding", "gzip")
                .build();
        if (CLIENT.send(request, BodyHandlers.ofByteArray()).body().length == 0) {
            throw new IOException("empty: " + url);
        }
    }

    /** The answer is read line by line: that of a large table does not fit into the heap of this process. */
    private static void await(int port, Process process) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        String reason = "no answer";
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (process.isAlive() && System.nanoTime() < end) {
            try (Stream<String> lines =
                    CLIENT.send(request, BodyHandlers.ofLines()).body()) {
                if (lines.anyMatch(l -> l.startsWith("node_ipvs_backend_weight{"))) {
                    return;
                }
                reason = "no metrics of the table";
            } catch (IOException e) {
                // It does not listen yet.
                reason = e.toString();
            }
            Thread.sleep(200);
        }
        throw new IOException("port " + port + ": " + reason + "; is it in use by another program?");
    }
}
