package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.lvsd.core.control.ControlClient;
import io.lvsd.lab.servers.CertificateServer;
import io.lvsd.lab.servers.Prometheus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Prometheus of Debian scrapes {@code ./lvsd run --driver memory} with 10,000 real servers on loopback: metrics, alert rules
 * and dashboard of the examples, and reloads that change the servers.
 */
final class PrometheusIT {
    private static final Path EXAMPLES = Path.of("..", "examples", "monitoring");
    private static final int SERVERS = 10_000;
    private static final int PER_VIRTUAL_SERVER = 100;
    private static final int RELOADS = 200;
    private static final int SCRAPES = 10;
    private static final int OCTET = 256;
    /** Documented metrics that exist in other modes of the daemon only. */
    private static final Pattern OTHER_MODES = Pattern.compile("lvsd_(embedded|shadow)_.*");

    /** A table of metrics has the type in its second column. */
    private static final Pattern DOCUMENTED =
            Pattern.compile("(?m)^\\| `([a-z0-9_]+)` \\| (?:gauge|counter|info|histogram|summary) \\|");

    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) ");
    private static Path tools = Path.of("/");

    @TempDir
    private Path directory;

    @BeforeAll
    static void unpack() throws Exception {
        tools = Prometheus.tools();
    }

    // ---- configurations

    private static String header(int http, String metrics) {
        return "lvsd {\n http {\n  listen 127.0.0.1:" + http + "\n }\n metrics {\n  " + metrics + "\n }\n}\n";
    }

    private static String virtualServer(int number, String lines) {
        return "virtual_server 192.0.2." + number
                + " 80 {\n protocol TCP\n lvs_sched wlc\n lvs_method NAT\n delay_loop 10\n " + lines + "\n}\n";
    }

    private static String server(String address, int port, String check) {
        return " real_server " + address + " " + port + " {\n  " + check + "\n }\n";
    }

    private static String tcp(int number, int port) {
        int host = OCTET * OCTET + number;
        String address = "127." + host / OCTET / OCTET + "." + host / OCTET % OCTET + "." + host % OCTET;
        return server(address, port, "TCP_CHECK {\n  }");
    }

    /** 10,000 real servers that are up; a virtual server of which half is down, one on its sorry server, one with TLS. */
    private static String wide(int http, int open, int closed, int tls) {
        StringBuilder text = new StringBuilder(header(http, "ipvs_metrics on"));
        for (int v = 0; v < SERVERS / PER_VIRTUAL_SERVER; v++) {
            int first = v * PER_VIRTUAL_SERVER;
            text.append(virtualServer(
                    v + 1,
                    IntStream.range(first, first + PER_VIRTUAL_SERVER)
                            .mapToObj(i -> tcp(i, open))
                            .collect(Collectors.joining())));
        }
        return text.append(virtualServer(201, tcp(1, open) + tcp(2, closed)))
                .append(virtualServer(202, "sorry_server 192.0.2.250 80\n" + tcp(1, closed)))
                .append(virtualServer(
                        203,
                        server("127.0.0.1", tls, "SSL_GET {\n   url {\n    path /\n    status_code 200\n   }\n  }")))
                .toString();
    }

    /** The configuration of the examples with another target and shorter intervals. */
    private Path prometheusConfig(int http, int seconds) throws IOException {
        Files.copy(EXAMPLES.resolve("lvsd.rules.yml"), directory.resolve("lvsd.rules.yml"));
        String text = Files.readString(EXAMPLES.resolve("prometheus.yml"))
                .replace("\"127.0.0.1:9180\"", "\"127.0.0.1:" + http + "\"")
                .replace("interval: 15s", "interval: " + seconds + "s");
        assertTrue(text.contains(":" + http) && text.contains("interval: " + seconds + "s"), text);
        return Files.writeString(directory.resolve("prometheus.yml"), text);
    }

    // ---- promtool

    private static LvsdProcess.Result promtool(Path directory, Path input, String... arguments)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(tools.resolve("usr/bin/promtool").toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("promtool", ".out");
        int status = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        LvsdProcess.Result result = new LvsdProcess.Result(status, Files.readString(output));
        Files.delete(output);
        return result;
    }

    @Test
    void promtoolAcceptsConfigurationRulesAndTheirTests() throws IOException, InterruptedException {
        Path nothing = Path.of("/dev/null");
        for (List<String> arguments : List.of(
                List.of("check", "config", "prometheus.yml"),
                List.of("check", "rules", "lvsd.rules.yml"),
                List.of("test", "rules", "lvsd.rules.test.yml"))) {
            LvsdProcess.Result result = promtool(EXAMPLES, nothing, arguments.toArray(String[]::new));
            assertEquals(0, result.status(), result::text);
        }
    }

    // ---- 10,000 real servers

    @Test
    void everyQueryOfTheDashboardReturnsDataWithTenThousandRealServers() throws Exception {
        int http = Prometheus.freePort();
        int open = Prometheus.freePort();
        int closed = Prometheus.freePort();
        Process servers = Prometheus.realServers(open);
        try (CertificateServer tls = CertificateServer.start(directory.resolve("keys"))) {
            Path file = Files.writeString(directory.resolve("lvsd.conf"), wide(http, open, closed, tls.port()));
            try (LvsdProcess daemon = LvsdProcess.startReady(directory, file, "--driver", "memory");
                    Prometheus prometheus = Prometheus.start(tools, prometheusConfig(http, 5))) {
                awaitResults(daemon, prometheus);
                operate(daemon);
                everyQueryReturnsData(daemon, prometheus);
                metricsAreValidAndDocumented(http);
                figures(http, prometheus);
                daemon.until(
                        "the alert of the sorry server fires",
                        () -> !prometheus
                                .values("ALERTS{alertname=\"LvsdSorryServerActive\",alertstate=\"firing\","
                                        + "virtual_server=\"192.0.2.202:80/tcp\"}")
                                .isEmpty());
                daemon.signal("KILL");
                daemon.until(
                        "the daemon is gone",
                        () -> prometheus.values("up{job=\"lvsd\"}").equals(List.of("0")));
            }
        } finally {
            servers.destroy();
        }
    }

    private static void awaitResults(LvsdProcess daemon, Prometheus prometheus) throws InterruptedException {
        daemon.until(
                "Prometheus has scraped it",
                () -> prometheus.values("up{job=\"lvsd\"}").equals(List.of("1")));
        daemon.until(
                "every check has a result",
                () -> prometheus
                        .values("sum(lvsd_virtual_server_pending_checks)")
                        .equals(List.of("0")));
        assertEquals(
                List.of("" + (SERVERS + 2)), prometheus.values("sum(lvsd_virtual_server_real_servers{state=\"up\"})"));
        assertEquals(List.of("2"), prometheus.values("sum(lvsd_virtual_server_real_servers{state=\"down\"})"));
        assertEquals(List.of("0"), prometheus.values("lvsd_metrics_dropped_series"));
        assertTrue(
                prometheus
                                .values("lvsd_check_certificate_expiry_timestamp_seconds")
                                .size()
                        == 1,
                "certificate");
    }

    /** What an operator does, so that it has metrics. */
    private static void operate(LvsdProcess daemon) throws IOException, InterruptedException {
        daemon.ask("weight", "192.0.2.1:80/tcp", daemonServer(0, daemon), "3");
        daemon.ask("reload");
    }

    /** The address of the first real server as the status shows it. */
    private static String daemonServer(int index, LvsdProcess daemon) throws IOException, InterruptedException {
        return Pattern.compile("127\\.1\\.0\\.\\d+:\\d+")
                .matcher(daemon.ask("status"))
                .results()
                .skip(index)
                .findFirst()
                .orElseThrow()
                .group();
    }

    private static void everyQueryReturnsData(LvsdProcess daemon, Prometheus prometheus)
            throws IOException, InterruptedException {
        Set<String> pending = new TreeSet<>(dashboardQueries());
        int all = pending.size();
        BooleanSupplier done = () -> {
            pending.removeIf(query -> !prometheus.values(query).isEmpty());
            return pending.isEmpty();
        };
        try {
            daemon.until("every query returns data", done);
        } catch (AssertionError e) {
            throw new AssertionError("no data for: " + String.join("\n", pending), e);
        }
        System.out.println(all + " different queries of the dashboard returned data");
    }

    /** The queries of all panels, as Grafana sends them for all directors and virtual servers. */
    private static List<String> dashboardQueries() throws IOException {
        List<String> queries = new ArrayList<>();
        try (JsonParser json =
                new JsonFactory().createParser(Files.readString(EXAMPLES.resolve("grafana-dashboard.json")))) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.VALUE_STRING && "expr".equals(json.currentName())) {
                    queries.add(json.getText()
                            .replace("$__rate_interval", "1m")
                            .replace("$__interval", "1m")
                            .replaceAll("\\$(job|instance|virtual_server)", ".*"));
                }
            }
        }
        // An annotation: the reload is one sample wide.
        queries.replaceAll(q -> q.contains("changes(") ? q.replace("[1m]", "[10m]") : q);
        assertTrue(queries.stream().noneMatch(q -> q.contains("$")), queries::toString);
        return queries;
    }

    private static String text(int http, String... headers) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = Prometheus.get("http://127.0.0.1:" + http + "/metrics", headers);
        assertEquals(200, response.statusCode());
        boolean gzip = response.headers()
                .firstValue("content-encoding")
                .filter("gzip"::equals)
                .isPresent();
        byte[] body =
                gzip ? new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes() : response.body();
        return new String(body, StandardCharsets.UTF_8);
    }

    private void metricsAreValidAndDocumented(int http) throws IOException, InterruptedException {
        String plain = text(http);
        LvsdProcess.Result check =
                promtool(directory, Files.writeString(directory.resolve("metrics"), plain), "check", "metrics");
        assertEquals("", check.text());
        assertEquals(0, check.status());
        Set<String> exposed = names(TYPE, plain);
        Set<String> documented = names(DOCUMENTED, Files.readString(Path.of("..", "docs", "metrics.md")));
        documented.removeIf(name -> OTHER_MODES.matcher(name).matches());
        // Not configured here.
        documented.remove("lvsd_check_probe_duration_seconds");
        assertEquals(documented, exposed);
        String open = text(http, "Accept", "application/openmetrics-text", "Accept-Encoding", "gzip");
        assertTrue(open.endsWith("\n# EOF\n"));
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(m -> m.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static void figures(int http, Prometheus prometheus) throws IOException, InterruptedException {
        int plain = text(http).length();
        long best = Long.MAX_VALUE;
        int compressed = 0;
        for (int i = 0; i < SCRAPES; i++) {
            long start = System.nanoTime();
            HttpResponse<byte[]> response =
                    Prometheus.get("http://127.0.0.1:" + http + "/metrics", "Accept-Encoding", "gzip");
            best = Math.min(best, System.nanoTime() - start);
            compressed = response.body().length;
        }
        System.out.printf(
                Locale.ROOT,
                "scrape of %d real servers: %s series, %.1f MB, %.2f MB with gzip, %.0f ms at best here, %s s in"
                        + " Prometheus%n",
                SERVERS,
                prometheus.values("max(scrape_samples_scraped)"),
                plain / 1e6,
                compressed / 1e6,
                best / 1e6,
                prometheus.values("min_over_time(scrape_duration_seconds{job=\"lvsd\"}[1m])"));
    }

    // ---- reloads

    private static String changing(int http, Set<Integer> servers, int closed) {
        return header(http, "ipvs_metrics on")
                + virtualServer(
                        1,
                        "removal_grace 0\n"
                                + servers.stream().map(i -> tcp(i, closed)).collect(Collectors.joining()));
    }

    /** Neither the daemon nor Prometheus has a series of a server that a reload removed. */
    @Test
    void reloadsLeaveNoStaleSeries() throws Exception {
        Random random = new Random(Long.getLong("seed", 1));
        int http = Prometheus.freePort();
        int closed = Prometheus.freePort();
        Path file = Files.writeString(directory.resolve("lvsd.conf"), changing(http, Set.of(1), closed));
        try (LvsdProcess daemon = LvsdProcess.startReady(directory, file, "--driver", "memory");
                Prometheus prometheus = Prometheus.start(tools, prometheusConfig(http, 1))) {
            Set<String> wanted = Set.of();
            Set<String> ever = new TreeSet<>();
            for (int i = 0; i < RELOADS; i++) {
                Set<Integer> servers = random.ints(1 + random.nextInt(30), 1, 200)
                        .boxed()
                        .collect(Collectors.toCollection(TreeSet::new));
                wanted =
                        servers.stream().map(s -> "127.1.0." + s + ":" + closed).collect(Collectors.toSet());
                ever.addAll(wanted);
                Files.writeString(file, changing(http, servers, closed));
                var reply = ControlClient.request(directory.resolve("run/lvsd.sock"), "reload force");
                assertEquals(0, reply.status(), reply::body);
                Set<String> shown = names(Pattern.compile("real_server=\"([^\"]*)\""), text(http));
                assertEquals(new TreeSet<>(wanted), shown);
            }
            List<String> last = wanted.stream().sorted().toList();
            daemon.until(
                    "Prometheus has the servers of the last reload only",
                    () -> prometheus
                            .labels("lvsd_real_server_up{job=\"lvsd\"}", "real_server")
                            .equals(last));
            // Alerts of removed servers end when the rules are evaluated next.
            daemon.until(
                    "no series of Prometheus has another server",
                    () -> new TreeSet<>(
                                    prometheus.labels("count by (real_server) ({real_server!=\"\"})", "real_server"))
                            .equals(new TreeSet<>(last)));
            assertTrue(ever.size() > 2 * last.size(), "the reloads change the servers");
        }
    }
}
