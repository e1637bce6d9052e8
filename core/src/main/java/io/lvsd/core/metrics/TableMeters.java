package io.lvsd.core.metrics;

import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Event;
import io.lvsd.core.plan.Drift;
import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.ffm.Errno;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Meters of the IPVS table: readings, commands, errors, drift. Used by the thread of the writer, unless stated otherwise. */
final class TableMeters {
    private static final Map<Class<? extends IpvsCommand>, String> COMMANDS = Map.ofEntries(
            Map.entry(IpvsCommand.NewService.class, "new_service"),
            Map.entry(IpvsCommand.SetService.class, "set_service"),
            Map.entry(IpvsCommand.DelService.class, "del_service"),
            Map.entry(IpvsCommand.NewDest.class, "new_dest"),
            Map.entry(IpvsCommand.SetDest.class, "set_dest"),
            Map.entry(IpvsCommand.DelDest.class, "del_dest"),
            Map.entry(IpvsCommand.NewDaemon.class, "new_daemon"),
            Map.entry(IpvsCommand.DelDaemon.class, "del_daemon"),
            Map.entry(IpvsCommand.SetTimeouts.class, "set_config"),
            Map.entry(IpvsCommand.Zero.class, "zero"),
            Map.entry(IpvsCommand.ZeroAll.class, "zero_all"));
    /** Errors that a table returns in normal operation; others get a series when they occur. */
    private static final List<Errno> USUAL = List.of(Errno.EEXIST, Errno.ENOENT, Errno.ESRCH);

    private static final double MILLIS = 1e3;

    private final MeterRegistry registry;
    private final Timer reads;
    private final Timer writes;
    private final Counter failures;
    private final Map<Class<?>, Commands> commands = new HashMap<>();
    private final Map<String, Counter> errors = new HashMap<>();
    private final Map<String, Counter> repaired = new ConcurrentHashMap<>();
    private volatile double lastRead = Double.NaN;

    private record Commands(Counter applied, Counter failed) {}

    TableMeters(MeterRegistry registry) {
        this.registry = registry;
        reads = Buckets.timer("lvsd.table.read.duration", "Time for reading the IPVS table", Buckets.WORK)
                .register(registry);
        writes = Buckets.timer(
                        "lvsd.table.write.duration",
                        "Time for sending the commands of one stage of a plan and receiving their results",
                        Buckets.WORK)
                .register(registry);
        failures = Counter.builder("lvsd.table.failures")
                .description("Readings and plans that failed as a whole, because the connection to the kernel broke")
                .register(registry);
        COMMANDS.forEach(
                (type, name) -> commands.put(type, new Commands(command(name, "applied"), command(name, "failed"))));
        USUAL.forEach(errno -> error(errno.name()));
        Drift.KINDS.forEach(this::repaired);
        Gauge.builder("lvsd.table.last.read.timestamp", this, m -> m.lastRead)
                .description("When the IPVS table was last read")
                .baseUnit("seconds")
                .register(registry);
    }

    private Counter command(String name, String result) {
        return Counter.builder("lvsd.table.commands")
                .description("IPVS commands by kind and result")
                .tags("command", name, "result", result)
                .register(registry);
    }

    private Counter error(String errno) {
        return errors.computeIfAbsent(
                errno,
                name -> Counter.builder("lvsd.table.errors")
                        .description("Errors of IPVS commands and of the connection to the kernel, by errno")
                        .tag("errno", name)
                        .register(registry));
    }

    private Counter repaired(String kind) {
        return repaired.computeIfAbsent(
                kind,
                name -> Counter.builder("lvsd.table.drift.repaired")
                        .description(
                                "Differences between the table and what lvsd programmed that no longer exist, by kind")
                        .tag("kind", name)
                        .register(registry));
    }

    void read(Duration duration) {
        reads.record(duration);
        lastRead = System.currentTimeMillis() / MILLIS;
    }

    void written(List<Event.Result> results, Duration duration) {
        writes.record(duration);
        for (Event.Result result : results) {
            Commands counters = commands.get(result.command().getClass());
            if (counters != null) {
                (result.result().applied() ? counters.applied : counters.failed).increment();
            }
            switch (result.result()) {
                case ApplyResult.Applied() -> {}
                case ApplyResult.Stale(int errno) -> error(Errno.nameOf(errno)).increment();
                case ApplyResult.Rejected(int errno, var _) ->
                    error(Errno.nameOf(errno)).increment();
            }
        }
    }

    /** @param errno 0 if none is known */
    void failed(int errno) {
        failures.increment();
        if (errno != 0) {
            error(Errno.nameOf(errno)).increment();
        }
    }

    /** Any thread. */
    void published(DaemonEvent event) {
        if (event.name().equals("table.repaired")) {
            repaired(String.valueOf(event.fields().get("what"))).increment();
        }
    }
}
