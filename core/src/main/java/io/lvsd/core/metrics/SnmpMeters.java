package io.lvsd.core.metrics;

import io.lvsd.snmp.SnmpObserver;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Meters of SNMP. Thread-safe. */
final class SnmpMeters implements SnmpObserver {
    private final Map<Request, LongAdder> requests = new EnumMap<>(Request.class);
    private final Map<Delivery, LongAdder> notifications = new EnumMap<>(Delivery.class);

    SnmpMeters(MeterRegistry registry) {
        for (Request type : Request.values()) {
            requests.put(
                    type,
                    counter(
                            registry,
                            "lvsd.snmp.requests",
                            "SNMP requests by type, or by the reason why they were not answered",
                            "type",
                            type));
        }
        for (Delivery outcome : Delivery.values()) {
            notifications.put(
                    outcome,
                    counter(
                            registry,
                            "lvsd.snmp.notifications",
                            "SNMP notifications by outcome, for each receiver",
                            "outcome",
                            outcome));
        }
    }

    private static LongAdder counter(
            MeterRegistry registry, String name, String description, String tag, Enum<?> value) {
        LongAdder count = new LongAdder();
        FunctionCounter.builder(name, count, LongAdder::sum)
                .description(description)
                .tag(tag, value.name().toLowerCase(Locale.ROOT))
                .register(registry);
        return count;
    }

    @Override
    public void request(Request type) {
        Objects.requireNonNull(requests.get(type)).increment();
    }

    @Override
    public void notification(Delivery outcome) {
        Objects.requireNonNull(notifications.get(outcome)).increment();
    }
}
