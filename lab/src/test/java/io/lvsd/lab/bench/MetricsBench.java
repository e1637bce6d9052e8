package io.lvsd.lab.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Time of a scrape with gzip for 10,000 real servers, and of the counters of the table alone compared with node_exporter's
 * collector ipvs, which reads the same table from files as in /proc.
 */
public final class MetricsBench {
    private static final int SERVICES = 100;
    private static final int SERVERS = 100;
    private static final int ROUNDS = 40;
    private static final int HTTP = 19_180;
    private static final int NODE = 19_100;
    private static final Path NODE_EXPORTER = Path.of(
            System.getenv().getOrDefault("LVSD_LAB_CACHE", "/var/tmp/lvsd-lab"),
            "prometheus/usr/bin/prometheus-node-exporter");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private MetricsBench() {}

    /** Without arguments. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("metrics-bench");
        Path config = Files.writeString(directory.resolve("lvsd.conf"), config());
        Path proc = Files.createDirectories(directory.resolve("proc/net"));
        Files.writeString(proc.resolve("ip_vs"), table());
        Files.writeString(proc.resolve("ip_vs_stats"), """
               Total Incoming Outgoing         Incoming         Outgoing
               Conns  Packets  Packets            Bytes            Bytes
             16AA370 E33656E5        0     51D8C8883AB3                0

             Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
                   4    1FB3C        0          1282A8F                0
            """);
        Process lvsd = start(
                directory,
                "lvsd",
                "./lvsd",
                "run",
                "--driver",
                "memory",
                "-f",
                config.toString(),
                "--run-dir",
                directory.resolve("run").toString());
        Process node = start(
                directory,
                "node",
                NODE_EXPORTER.toString(),
                "--collector.disable-defaults",
                "--collector.ipvs",
                "--web.disable-exporter-metrics",
                "--path.procfs=" + directory.resolve("proc"),
                "--web.listen-address=127.0.0.1:" + NODE);
        try {
            await(HTTP, "node_ipvs_backend_weight{", lvsd);
            await(NODE, "node_ipvs_backend_weight{", node);
            String ours = "http://127.0.0.1:" + HTTP + "/metrics";
            double ipvs = report("lvsd, counters of the table: 8 series each", ours + "?collect=ipvs");
            double theirs = report("node_exporter: 3 series each", "http://127.0.0.1:" + NODE + "/metrics");
            System.out.printf(Locale.ROOT, "ratio %.2f%n", ipvs / theirs);
            report("lvsd, servers", ours + "?collect=servers");
            report("lvsd, everything", ours);
        } finally {
            lvsd.destroy();
            node.destroy();
            boolean _ = lvsd.waitFor(30, TimeUnit.SECONDS);
        }
    }

    private static String config() {
        StringBuilder text = new StringBuilder(
                "lvsd {\n http {\n  listen 127.0.0.1:" + HTTP + "\n }\n metrics {\n  ipvs_metrics on\n }\n}\n");
        for (int v = 0; v < SERVICES; v++) {
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
    private static String table() {
        StringBuilder text = new StringBuilder("IP Virtual Server version 1.2.1 (size=4096)\n"
                + "Prot LocalAddress:Port Scheduler Flags\n"
                + "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n");
        for (int v = 0; v < SERVICES; v++) {
            text.append(String.format(Locale.ROOT, "TCP  C00002%02X:0050 wlc  %n", v));
            for (int i = 0; i < SERVERS; i++) {
                text.append(String.format(
                        Locale.ROOT, "  -> 0A00%02X%02X:1F90      Masq    3      0          0         %n", v, i));
            }
        }
        return text.toString();
    }

    private static Process start(Path directory, String name, String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
    }

    private static HttpResponse<byte[]> get(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Accept-Encoding", "gzip")
                .build();
        return CLIENT.send(request, BodyHandlers.ofByteArray());
    }

    private static void await(int port, String text, Process process) throws IOException, InterruptedException {
        while (process.isAlive()) {
            try {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                        .build();
                if (CLIENT.send(request, BodyHandlers.ofString()).body().contains(text)) {
                    return;
                }
            } catch (IOException _) {
                // It does not listen yet.
            }
            Thread.sleep(200);
        }
        throw new IOException("a process ended: see its log");
    }

    /** The median in milliseconds, after as many rounds for warming up. */
    private static double report(String what, String url) throws IOException, InterruptedException {
        double[] times = new double[ROUNDS];
        int bytes = 0;
        for (int i = -ROUNDS; i < ROUNDS; i++) {
            long start = System.nanoTime();
            bytes = get(url).body().length;
            if (i >= 0) {
                times[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(times);
        double median = times[ROUNDS / 2];
        System.out.printf(
                Locale.ROOT, "%-45s median %6.1f ms, best %6.1f ms, %6.2f MB%n", what, median, times[0], bytes / 1e6);
        return median;
    }
}
