package io.lvsd.core.metrics;

import com.sun.management.ThreadMXBean;
import io.lvsd.bench.Recorder;
import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.schedule.ProbeHistory;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.engine.World;
import io.lvsd.core.log.LogSetup;
import io.lvsd.core.loop.Telemetry;
import io.lvsd.core.view.StatusInput;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * Part of the axis metrics: CPU time and allocation of a scrape in this process, for the ways in which the metrics of servers can be
 * made, and the time that a probe costs. {@code lab/bench metrics} runs it.
 */
final class ScrapeBench {
    private static final int SERVERS = 10_000;
    private static final int ROUNDS = 5;
    private static final int SCRAPES = 4;
    private static final int PROBES = 20_000_000;
    private static final int BUFFER = 65_536;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final Recorder RECORDER = Recorder.of("metrics");

    private ScrapeBench() {}

    public static void main(String[] arguments) {
        LogSetup.install();
        StatusInput plain = input(ManyServers.config(SERVERS, ""));
        StatusInput table = input(ManyServers.config(SERVERS, "ipvs_metrics on"));
        report("text, gzip", () -> scrape(plain, true));
        report("text", () -> scrape(plain, false));
        report("text with ipvs_metrics, gzip", () -> scrape(table, true));
        report("text with ipvs_metrics", () -> scrape(table, false));
        report("snapshots of the client, gzip", () -> snapshots(plain));
        gauges(plain);
        for (int round = 1; round <= ROUNDS; round++) {
            probes(plain.state(), round);
        }
    }

    private static StatusInput input(String config) {
        World world = new World().start(config);
        world.pass(Duration.ofSeconds(5));
        ProbeHistory history = new ProbeHistory();
        ProbeReport report = new ProbeReport(ProbeResult.Passed.plain(), Duration.ofNanos(345_678));
        world.state
                .servers()
                .values()
                .forEach(vs -> vs.realServers()
                        .forEach(rs -> history.finished(rs.checks().getFirst().id(), report, 1)));
        return ManyServers.input(world.state, history);
    }

    private static void report(String what, Runnable work) {
        long thread = Thread.currentThread().threadId();
        for (int round = -1; round <= ROUNDS; round++) {
            long bytes = THREADS.getThreadAllocatedBytes(thread);
            long start = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < SCRAPES; i++) {
                work.run();
            }
            double nanos = (THREADS.getCurrentThreadCpuTime() - start) / (double) SCRAPES;
            double allocated = (THREADS.getThreadAllocatedBytes(thread) - bytes) / (double) SCRAPES;
            if (round > 0) {
                record("in process: " + what + ", CPU time", "ms", round, nanos / 1e6);
                record("in process: " + what + ", allocated", "MiB", round, allocated / (1 << 20));
            }
        }
    }

    private static void record(String what, String unit, int round, double value) {
        RECORDER.add(what, SERVERS, Recorder.thisBuild(), unit, round, value);
    }

    private static void scrape(StatusInput in, boolean gzip) {
        try (Metrics metrics = new Metrics(() -> Optional.of(in), "host")) {
            Scrape scrape = metrics.scrape("", gzip);
            if (scrape.body().getFirst().length == 0) {
                throw new AssertionError("empty");
            }
        }
    }

    /** Objects of the Prometheus client, created for each scrape. */
    private static void snapshots(StatusInput in) {
        List<MetricSnapshot> all = new ArrayList<>();
        for (Table<?> table : StateTables.of(in, new CheckStats(), new WallTime(), Part.ALL)) {
            add(table, all);
        }
        try (OutputStream out = new GZIPOutputStream(OutputStream.nullOutputStream(), BUFFER)) {
            PrometheusTextFormatWriter.create().write(out, new MetricSnapshots(all), EscapingScheme.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <R extends Row> void add(Table<R> table, List<MetricSnapshot> all) {
        for (Column<R> column : table.columns()) {
            List<GaugeDataPointSnapshot> points = new ArrayList<>();
            for (R row : table.rows()) {
                for (Column.Cell<R> cell : column.cells()) {
                    double value = cell.value().applyAsDouble(row);
                    if (!Double.isNaN(value)) {
                        points.add(new GaugeDataPointSnapshot(
                                value,
                                io.prometheus.metrics.model.snapshots.Labels.of(pairs(row.labels(), cell.label())),
                                null));
                    }
                }
            }
            String name = "x" + all.size();
            all.add(GaugeSnapshot.builder()
                    .name(name)
                    .help(column.family().help())
                    .build());
            all.set(all.size() - 1, new GaugeSnapshot(all.getLast().getMetadata(), points));
        }
    }

    private static String[] pairs(Labels labels, String own) {
        List<String> all = new ArrayList<>(labels.pairs());
        if (!own.isEmpty()) {
            all.addAll(List.of("own", own));
        }
        return all.toArray(String[]::new);
    }

    /** Gauges of Micrometer, registered once. */
    private static void gauges(StatusInput in) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        long before = heap();
        long start = System.nanoTime();
        List<double[]> values = new ArrayList<>();
        for (Table<?> table : StateTables.of(in, new CheckStats(), new WallTime(), Part.ALL)) {
            register(table, registry, values);
        }
        double nanos = System.nanoTime() - start;
        record("in process: gauges of Micrometer, registration", "ms", 1, nanos / 1e6);
        record(
                "in process: gauges of Micrometer, memory of one",
                "bytes",
                1,
                (heap() - before) / (double) values.size());
        report("gauges of Micrometer, gzip", () -> {
            try (OutputStream out = new GZIPOutputStream(OutputStream.nullOutputStream(), BUFFER)) {
                registry.scrape(out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static <R extends Row> void register(Table<R> table, MeterRegistry registry, List<double[]> values) {
        for (Column<R> column : table.columns()) {
            for (R row : table.rows()) {
                for (Column.Cell<R> cell : column.cells()) {
                    double[] value = {cell.value().applyAsDouble(row)};
                    if (!Double.isNaN(value[0])) {
                        values.add(value);
                        Gauge.builder("x" + column.family().name(), value, v -> v[0])
                                .tags(Tags.of(pairs(row.labels(), cell.label())))
                                .register(registry);
                    }
                }
            }
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void probes(EngineState state, int round) {
        try (Metrics metrics = new Metrics(Optional::empty, "host")) {
            Telemetry telemetry = metrics.telemetry();
            List<CheckId> checks = state.servers().values().stream()
                    .flatMap(vs -> vs.realServers().stream())
                    .map(rs -> rs.checks().getFirst().id())
                    .toList();
            ProbeReport report = new ProbeReport(ProbeResult.Passed.plain(), Duration.ofNanos(345_678));
            long start = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < PROBES; i++) {
                telemetry.probeFinished(checks.get(i % checks.size()), report);
            }
            double finished = (THREADS.getCurrentThreadCpuTime() - start) / (double) PROBES;
            start = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < PROBES; i++) {
                telemetry.probeStarted(Duration.ofNanos(i % BUFFER));
            }
            double started = (THREADS.getCurrentThreadCpuTime() - start) / (double) PROBES;
            record("in process: end of a probe", "ns CPU", round, finished);
            record("in process: start of a probe", "ns CPU", round, started);
        }
    }
}
