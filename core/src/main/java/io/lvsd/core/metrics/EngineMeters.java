package io.lvsd.core.metrics;

import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Event;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Meters of the engine: its steps, its delay, and the events that it publishes. */
final class EngineMeters {
    private static final Map<Class<? extends Event>, String> EVENTS = Map.ofEntries(
            Map.entry(Event.Started.class, "started"),
            Map.entry(Event.Reloaded.class, "reloaded"),
            Map.entry(Event.ProbesFinished.class, "probes_finished"),
            Map.entry(Event.Overridden.class, "overridden"),
            Map.entry(Event.MaintenanceRequested.class, "maintenance_requested"),
            Map.entry(Event.KernelRead.class, "kernel_read"),
            Map.entry(Event.KernelFailed.class, "kernel_failed"),
            Map.entry(Event.Applied.class, "applied"),
            Map.entry(Event.HostChanged.class, "host_changed"),
            Map.entry(Event.SorryChecked.class, "sorry_checked"),
            Map.entry(Event.Tick.class, "tick"),
            Map.entry(Event.DayBegan.class, "day_began"),
            Map.entry(Event.StopRequested.class, "stop_requested"));
    private static final double SECOND = 1e9;

    private final MeterRegistry registry;
    private final Timer lag;
    private final Map<Class<?>, Timer> steps = new HashMap<>();
    private final Map<String, Counter> published = new ConcurrentHashMap<>();
    private volatile long lastTick = System.nanoTime();

    EngineMeters(MeterRegistry registry) {
        this.registry = registry;
        lag = Buckets.timer("lvsd.engine.lag", "How late the engine handled its regular timer", Buckets.DELAY)
                .register(registry);
        EVENTS.forEach((type, name) -> steps.put(
                type,
                Buckets.timer(
                                "lvsd.engine.step.duration",
                                "Time that the engine took for one event and its effects",
                                Buckets.WORK)
                        .tag("event", name)
                        .register(registry)));
        Gauge.builder("lvsd.engine.stalled", this, m -> (System.nanoTime() - m.lastTick) / SECOND)
                .description("Time since the engine last handled its regular timer, which is due every 0.25 s")
                .baseUnit("seconds")
                .register(registry);
    }

    /** Engine thread. */
    void handled(Event event, Duration duration) {
        Timer timer = steps.get(event.getClass());
        if (timer != null) {
            timer.record(duration);
        }
    }

    /** Engine thread. */
    void ticked(Duration late) {
        lastTick = System.nanoTime();
        lag.record(late);
    }

    void published(DaemonEvent event) {
        Counter counter = published.get(event.name());
        if (counter == null) {
            counter = published.computeIfAbsent(
                    event.name(),
                    name -> Counter.builder("lvsd.events")
                            .description("Events that were logged and sent to webhooks, by name")
                            .tag("event", name)
                            .register(registry));
        }
        counter.increment();
    }
}
