package io.lvsd.core.metrics;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Event;
import io.lvsd.core.loop.Telemetry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;

/** Passes measurements to the meters of their subject. */
final class Meters implements Telemetry {
    private final CheckStats stats;
    private final ProbeMeters probes;
    private final EngineMeters engine;
    private final TableMeters table;
    private final ReloadMeters reloads;

    Meters(MeterRegistry registry, CheckStats stats) {
        this.stats = stats;
        this.probes = new ProbeMeters(registry);
        this.engine = new EngineMeters(registry);
        this.table = new TableMeters(registry);
        this.reloads = new ReloadMeters(registry);
    }

    @Override
    public void probeFinished(CheckId check, ProbeReport report) {
        probes.finished(check, report);
        stats.finished(check, report);
    }

    @Override
    public void probeStarted(Duration lateness) {
        probes.started(lateness);
    }

    @Override
    public void checkRemoved(CheckId check) {
        stats.removed(check);
    }

    @Override
    public void handled(Event event, Duration duration) {
        engine.handled(event, duration);
    }

    @Override
    public void ticked(Duration late) {
        engine.ticked(late);
    }

    @Override
    public void published(DaemonEvent event) {
        engine.published(event);
        table.published(event);
    }

    @Override
    public void reloaded(String result, Duration duration) {
        reloads.reloaded(result, duration);
    }

    @Override
    public void tableRead(Duration duration) {
        table.read(duration);
    }

    @Override
    public void tableWritten(List<Event.Result> results, Duration duration) {
        table.written(results, duration);
    }

    @Override
    public void tableFailed(int errno) {
        table.failed(errno);
    }
}
