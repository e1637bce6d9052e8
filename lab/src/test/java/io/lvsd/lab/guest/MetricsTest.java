package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Counters of a kernel table with 1,000 destinations, or 10,000 with {@code -Pfull}: the same as node_exporter's, and how long
 * both take.
 */
@Tag("alone")
final class MetricsTest {
    private static final Path NODE_EXPORTER = Path.of(
            System.getProperty("lvsd.lab.cache", "/var/tmp/lvsd-lab"), "prometheus/usr/bin/prometheus-node-exporter");
    private static final String OURS = "127.0.0.1:9180/metrics?collect=ipvs";
    private static final String THEIRS = "127.0.0.1:9100/metrics";
    private static final int SERVICES = Boolean.getBoolean("lvsd.lab.full") ? 100 : 10;
    private static final int SERVERS = 100;
    private static final int REQUESTS = 20;
    private static final int SCRAPES = 7;
    private static final Pattern BACKEND = Pattern.compile("(?m)^(node_ipvs_backend_[a-z_]+)\\{(.*)} (\\S+)$");
    private static final Pattern COUNTER = Pattern.compile("(?m)^(node_ipvs_[a-z_]+_total)(?:\\{.*})? (\\S+)$");

    private static String config() {
        StringBuilder text = new StringBuilder("lvsd {\n http {\n  listen 127.0.0.1:9180\n }\n metrics {\n"
                + "  ipvs_metrics on\n }\n}\n"
                + service("10.1.0.100 80", " protocol TCP\n real_server 10.2.0.11 80 {\n  weight 2\n }\n")
                + service("fd00:1::100 80", " protocol TCP\n real_server fd00:2::11 80 {\n }\n")
                + service("fwmark 5", " real_server 10.2.0.12 80 {\n }\n"));
        for (int v = 0; v < SERVICES; v++) {
            int number = v;
            text.append(service(
                    "10.9.0." + v + " 443",
                    " protocol UDP\n"
                            + IntStream.range(0, SERVERS)
                                    .mapToObj(i -> " real_server 10.10." + number + "." + i + " 8443 {\n  weight " + i
                                            + "\n }\n")
                                    .collect(Collectors.joining())));
        }
        return text.toString();
    }

    private static String service(String name, String lines) {
        return "virtual_server " + name + " {\n lvs_sched wlc\n lvs_method NAT\n" + lines + "}\n";
    }

    /** Values of destinations, by name and sorted labels. */
    private static Map<String, Double> backends(String text) {
        Map<String, Double> values = new TreeMap<>();
        for (MatchResult series : BACKEND.matcher(text).results().toList()) {
            String labels = Arrays.stream(series.group(2).split(",")).sorted().collect(Collectors.joining(","));
            values.put(series.group(1) + "{" + labels + "}", Double.valueOf(series.group(3)));
        }
        return values;
    }

    /** Sums of counters, by name. */
    private static Map<String, Double> counters(String text) {
        Map<String, Double> sums = new TreeMap<>();
        COUNTER.matcher(text).results().forEach(m -> sums.merge(m.group(1), Double.valueOf(m.group(2)), Double::sum));
        return sums;
    }

    private static String scrape(Bed bed, String url) {
        return bed.director("curl -sS --fail " + url);
    }

    /** The median time of a scrape, in milliseconds. */
    private static double median(Bed bed, String url, String encoding) {
        double[] times = bed.director("for i in $(seq " + SCRAPES + "); do curl -sS --fail -o /dev/null"
                        + " -H \"Accept-Encoding: " + encoding + "\" -w \"%{time_total}\\n\" \"" + url + "\"; done")
                .lines()
                .mapToDouble(Double::parseDouble)
                .sorted()
                .toArray();
        return times[times.length / 2] * 1_000;
    }

    /** Complete scrapes of the same table, through HTTP: lvsd has 8 series of each destination, node_exporter 3. */
    private static void compareTimes(Bed bed, int destinations) {
        for (String encoding : List.of("gzip", "identity")) {
            double ours = median(bed, OURS, encoding);
            double theirs = median(bed, THEIRS, encoding);
            System.out.printf(
                    Locale.ROOT,
                    "MetricsTest: scrape of %d destinations, %s: lvsd %.0f ms (8 series of each), node_exporter %.0f ms"
                            + " (3 series), ratio %.2f%n",
                    destinations,
                    encoding,
                    ours,
                    theirs,
                    ours / theirs);
        }
    }

    @Test
    void countersOfTheKernelEqualThoseOfNodeExporter() {
        assertTrue(
                Files.exists(NODE_EXPORTER), NODE_EXPORTER + " is missing: run lab/bin/prometheus on the host first");
        try (Bed bed = new Bed()) {
            bed.web("r1", "80", "one");
            LvsdProcess lvsd = bed.lvsd(bed.write("lvsd.conf", config()));
            int all = SERVICES * SERVERS + 3;
            bed.until(
                    "all are in",
                    () -> bed.director("grep -c -e \"  -> [^R]\" /proc/net/ip_vs || true")
                            .strip()
                            .equals("" + all));
            bed.start(
                    "d",
                    "node-exporter",
                    NODE_EXPORTER + " --collector.disable-defaults --collector.ipvs --web.disable-exporter-metrics"
                            + " --web.listen-address=127.0.0.1:9100");
            for (int i = 0; i < REQUESTS; i++) {
                assertEquals("one\n200", bed.get("http://10.1.0.100/"));
            }
            // A start reads the table. Later readings follow after 50 times the duration of one, which is minutes here.
            lvsd.kill();
            lvsd.startAgain();
            bed.until("both are equal", () -> {
                String ours = scrape(bed, OURS);
                String theirs = scrape(bed, THEIRS);
                return backends(ours).equals(backends(theirs)) && counters(ours).equals(counters(theirs));
            });
            String text = scrape(bed, OURS);
            assertEquals(3 * all, backends(text).size());
            assertEquals((double) REQUESTS, counters(text).get("node_ipvs_connections_total"));
            compareTimes(bed, all);
            assertEquals(0, lvsd.terminate());
        }
    }
}
