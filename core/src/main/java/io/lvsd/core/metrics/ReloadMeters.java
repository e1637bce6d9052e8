package io.lvsd.core.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Meters of reloads. Thread-safe. */
final class ReloadMeters {
    private final MeterRegistry registry;
    private final Timer duration;
    private final Map<String, Counter> results = new ConcurrentHashMap<>();

    ReloadMeters(MeterRegistry registry) {
        this.registry = registry;
        duration = Buckets.timer(
                        "lvsd.config.reload.duration",
                        "Time for reading a configuration and putting it into effect, or refusing it",
                        Buckets.WORK)
                .register(registry);
        List.of("done", "refused", "guarded").forEach(this::result);
    }

    private Counter result(String result) {
        return results.computeIfAbsent(
                result,
                word -> Counter.builder("lvsd.config.reloads")
                        .description("Reloads by result: done, refused because of errors, or refused by reload_guard"
                                + " (guarded)")
                        .tag("result", word)
                        .register(registry));
    }

    void reloaded(String result, Duration time) {
        result(result).increment();
        duration.record(time);
    }
}
