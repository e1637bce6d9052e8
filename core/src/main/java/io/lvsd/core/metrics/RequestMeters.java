package io.lvsd.core.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Meters of HTTP requests. Thread-safe. */
final class RequestMeters {
    private final MeterRegistry registry;
    private final Map<String, Timer> durations = new ConcurrentHashMap<>();
    private final Map<List<String>, Counter> http = new ConcurrentHashMap<>();

    RequestMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param route from the fixed set of the endpoint's routes */
    void http(String route, int status, Duration duration) {
        http.computeIfAbsent(
                        List.of(route, String.valueOf(status)),
                        labels -> Counter.builder("lvsd.http.requests")
                                .description("HTTP requests by route and status of the response")
                                .tags("route", labels.getFirst(), "status", labels.getLast())
                                .register(registry))
                .increment();
        durations
                .computeIfAbsent(
                        route,
                        name -> Buckets.timer(
                                        "lvsd.http.request.duration",
                                        "Time from the head of an HTTP request to its response, by route",
                                        Buckets.WORK)
                                .tag("route", name)
                                .register(registry))
                .record(duration);
    }
}
