package io.lvsd.core.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Meters of requests of clients: HTTP and SNMP. Thread-safe. */
final class RequestMeters {
    private static final List<String> SNMP_TYPES = List.of("get", "getnext", "getbulk", "other", "unauthorized");

    private final MeterRegistry registry;
    private final Map<String, Timer> durations = new ConcurrentHashMap<>();
    private final Map<List<String>, Counter> http = new ConcurrentHashMap<>();
    private final Map<String, Counter> snmp = new ConcurrentHashMap<>();

    RequestMeters(MeterRegistry registry) {
        this.registry = registry;
        SNMP_TYPES.forEach(this::snmpCounter);
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

    /** @param type one of {@link #SNMP_TYPES} */
    void snmp(String type) {
        snmpCounter(type).increment();
    }

    private Counter snmpCounter(String type) {
        return snmp.computeIfAbsent(
                type,
                name -> Counter.builder("lvsd.snmp.requests")
                        .description("SNMP requests by type; unauthorized: wrong community or network, not answered")
                        .tag("type", name)
                        .register(registry));
    }
}
