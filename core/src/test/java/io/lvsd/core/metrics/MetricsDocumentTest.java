package io.lvsd.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.schedule.ProbeHistory;
import io.lvsd.conf.model.MetricsConfig;
import io.lvsd.conf.value.Driver;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.core.engine.Event;
import io.lvsd.core.engine.World;
import io.lvsd.core.loop.Telemetry;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.notify.DryRunReceivers;
import io.lvsd.core.view.DriverStatus;
import io.lvsd.core.view.DriverStatus.Withheld;
import io.lvsd.core.view.StatusInput;
import io.lvsd.ipvs.FakeIpvs;
import io.lvsd.ipvs.embedded.EmbeddedIpvs.Endings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/metrics.md lists each metric that a daemon has, with its type and its labels, and no other. */
final class MetricsDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/metrics.md");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([a-z0-9_]+)` \\| (gauge|counter|info|histogram|summary) \\|([^|]*)\\|");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
    private static final Pattern SERIES = Pattern.compile("(?m)^([a-z0-9_]+)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");
    private static final String TABLE_LABELS = "local_address local_mark local_port proto remote_address remote_port";
    /** Of garbage collectors that the launcher does not choose. */
    private static final Set<String> OTHER_COLLECTORS =
            Set.of("jvm_gc_concurrent_phase_time_seconds", "jvm_gc_concurrent_phase_time_seconds_max");

    /** Type and labels of a metric. */
    private record Described(String type, String labels) {}

    private static Map<String, Described> documented() throws IOException {
        Map<String, Described> metrics = new TreeMap<>();
        for (MatchResult row : ROW.matcher(Files.readString(DOCUMENT)).results().toList()) {
            String labels = row.group(3).strip().equals("as above")
                    ? TABLE_LABELS
                    : Arrays.stream(row.group(3).replace("`", "").strip().split(" "))
                            .sorted()
                            .collect(Collectors.joining(" "));
            String type = row.group(2).equals("info") ? "gauge" : row.group(2);
            assertEquals(null, metrics.put(row.group(1), new Described(type, labels)), row.group(1) + " twice");
        }
        return metrics;
    }

    private static Map<String, Described> exposed(String text) {
        Map<String, String> types = new TreeMap<>();
        TYPE.matcher(text).results().forEach(m -> types.put(m.group(1), m.group(2)));
        Map<String, Set<String>> labels = new TreeMap<>();
        for (MatchResult series : SERIES.matcher(text).results().toList()) {
            String name = series.group(1);
            String family = types.containsKey(name) ? name : name.replaceAll("_(bucket|count|sum)$", "");
            Set<String> found = labels.computeIfAbsent(family, _ -> new TreeSet<>());
            if (series.group(2) != null) {
                LABEL.matcher(series.group(2)).results().forEach(m -> found.add(m.group(1)));
            }
            found.remove("le");
        }
        Map<String, Described> metrics = new TreeMap<>();
        types.forEach((name, type) -> {
            assertTrue(labels.containsKey(name), () -> name + " has no series in this test");
            metrics.put(name, new Described(type, String.join(" ", labels.getOrDefault(name, Set.of()))));
        });
        metrics.keySet().removeAll(OTHER_COLLECTORS);
        return metrics;
    }

    @Test
    void theDocumentListsEachMetricWithTypeAndLabels() throws IOException {
        assertEquals(text(documented()), text(exposed(everything())));
    }

    private static String text(Map<String, Described> metrics) {
        return metrics.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining("\n"));
    }

    /** Every series has a HELP, and the document has the metric's meaning. */
    @Test
    void eachMetricHasHelp() {
        String text = everything();
        List<String> helped = text.lines()
                .filter(l -> l.matches("# HELP \\S+ \\S.*"))
                .map(l -> l.split(" ")[2])
                .toList();
        List<String> typed = text.lines()
                .filter(l -> l.startsWith("# TYPE "))
                .map(l -> l.split(" ")[2])
                .toList();
        assertEquals(typed, helped);
    }

    /** A scrape of a daemon in which everything has happened that has a metric. */
    private static String everything() {
        FakeIpvs kernel = new FakeIpvs();
        String config = "lvsd {\n metrics {\n ipvs_metrics on\n per_check_histogram on\n }\n}\n"
                + World.vs(
                        "sorry_server 10.0.9.9 80\n quorum 1",
                        World.rs("10.0.1.1:80", "weight 2\n TCP_CHECK {\n  connect_port 81\n }"),
                        World.rs("10.0.1.2:80", "weight 1"));
        new World(kernel).start(config);
        // The table of another program, which has the server that is disabled here.
        World shadow = new World(kernel);
        shadow.shadow = true;
        shadow.start(config);
        shadow.passes("10.0.1.1:80");
        shadow.passes("10.0.1.2:80");
        shadow.fails("10.0.1.1:80");
        shadow.fails("10.0.1.2:80");
        shadow.passes("10.0.1.2:80");
        shadow.operator("10.0.1.1:80", RsOverride::disabled);
        // The replacement has not passed its check yet.
        shadow.reload(config.replace(
                World.rs("10.0.1.2:80", "weight 1"), World.rs("10.0.1.3:80", "TCP_CHECK {\n  alpha\n }")));
        shadow.pass(Duration.ofSeconds(5));
        ProbeHistory history = new ProbeHistory();
        try (Metrics metrics = new Metrics(() -> Optional.of(input(shadow, history)), "host")) {
            metrics.configure(new MetricsConfig(true, true, 1_000_000, Optional.empty(), Optional.empty()));
            act(shadow, history, metrics);
            return scrapeAfterCollection(metrics);
        }
    }

    private static StatusInput input(World world, ProbeHistory history) {
        StatusInput in = ManyServers.input(world.state, history);
        DriverStatus driver = new DriverStatus(
                Driver.EMBEDDED,
                Optional.of(new Endings(1, 2, 3, 4, 5, 6)),
                Optional.of(new Withheld(1, List.of())),
                Optional.of("keepalived"));
        return new StatusInput(
                in.state(),
                in.counters(),
                in.sorryCounters(),
                driver,
                in.history(),
                in.lateness(),
                in.info(),
                in.now());
    }

    private static void act(World world, ProbeHistory history, Metrics metrics) {
        Telemetry telemetry = metrics.telemetry();
        ProbeReport report = new ProbeReport(new ProbeResult.Failed(Reason.STATUS, ""), Duration.ofMillis(3));
        ProbeReport withCertificate = new ProbeReport(
                ProbeResult.Passed.plain(), Duration.ofMillis(3), Optional.of(Instant.EPOCH), report.phases());
        for (CheckId check : world.checksOfAll()) {
            history.finished(check, report, 1);
            telemetry.probeFinished(check, report);
        }
        Stream.of("10.0.1.1:80", "10.0.1.2:80")
                .flatMap(rs -> world.checks(rs).stream())
                .forEach(c -> world.send(new Event.ProbeFinished(c, withCertificate, world.now())));
        telemetry.published(DaemonEvent.of(Level.INFO, "rs.up"));
        telemetry.tableRead(Duration.ofMillis(1));
        metrics.add(new DryRunReceivers(_ -> {}));
        metrics.addLostLogLines(() -> 3);
        metrics.httpRequest("/metrics", 200, Duration.ofMillis(1));
    }

    /** The meters of pauses exist after the first collection, of which the runtime notifies on another thread. */
    private static String scrapeAfterCollection(Metrics metrics) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        String text = "";
        while (!text.contains("jvm_gc_pause_seconds_max{") && System.nanoTime() - end < 0) {
            System.gc();
            text = Scraped.of(metrics.scrape("", false)).text();
        }
        return text;
    }
}
