package io.lvsd.core.daemon;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Event;
import io.lvsd.core.loop.Telemetry;
import io.lvsd.core.view.TableFormat;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Lines at the level debug: one for each probe (logger {@code probes}) and for each IPVS command (logger {@code table}). Passes
 * all measurements on.
 *
 * @param next receives what this receives
 */
record DebugLog(Telemetry next) implements Telemetry {
    private static final Logger PROBES = LoggerFactory.getLogger("io.lvsd.probes");
    private static final Logger TABLE = LoggerFactory.getLogger("io.lvsd.table");
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public void probeFinished(CheckId check, ProbeReport report) {
        if (PROBES.isDebugEnabled()) {
            log(check, report);
        }
        next.probeFinished(check, report);
    }

    private static void log(CheckId check, ProbeReport report) {
        LoggingEventBuilder line = PROBES.atDebug()
                .addKeyValue("vs", check.vs())
                .addKeyValue("rs", check.rs())
                .addKeyValue("check", check.kind());
        line = switch (report.result()) {
            case ProbeResult.Passed _ -> line.addKeyValue("result", "passed");
            case ProbeResult.Failed failed -> failed(line.addKeyValue("result", "failed"), failed);
            case ProbeResult.Inconclusive(var cause) ->
                line.addKeyValue("result", "inconclusive").addKeyValue("reason", cause);
        };
        line.addKeyValue("ms", Math.round(report.duration().toNanos() / NANOS_PER_MILLI))
                .log("probe.finished");
    }

    private static LoggingEventBuilder failed(LoggingEventBuilder line, ProbeResult.Failed failed) {
        LoggingEventBuilder reason = line.addKeyValue("reason", failed.reason());
        return failed.expected().isEmpty()
                ? reason.addKeyValue("detail", failed.detail())
                : reason.addKeyValue("expected", failed.expected()).addKeyValue("got", failed.got());
    }

    @Override
    public void tableWritten(List<Event.Result> results, Duration duration) {
        if (TABLE.isDebugEnabled()) {
            results.forEach(DebugLog::log);
        }
        next.tableWritten(results, duration);
    }

    private static void log(Event.Result result) {
        String prefix = result.command() + ": ";
        TABLE.atDebug()
                .addKeyValue("command", TableFormat.command(result.command()))
                .addKeyValue(
                        "result", result.result().describe(result.command()).replace(prefix, ""))
                .log("ipvs.command");
    }

    @Override
    public void probeStarted(Duration lateness) {
        next.probeStarted(lateness);
    }

    @Override
    public void checkRemoved(CheckId check) {
        next.checkRemoved(check);
    }

    @Override
    public void handled(Event event, Duration duration) {
        next.handled(event, duration);
    }

    @Override
    public void ticked(Duration late) {
        next.ticked(late);
    }

    @Override
    public void published(DaemonEvent event) {
        next.published(event);
    }

    @Override
    public void reloaded(String result, Duration duration) {
        next.reloaded(result, duration);
    }

    @Override
    public void tableRead(Duration duration) {
        next.tableRead(duration);
    }

    @Override
    public void tableFailed(int errno) {
        next.tableFailed(errno);
    }
}
