package io.lvsd.core.metrics;

import io.lvsd.snmp.SnmpObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Meters of SNMP. Thread-safe. */
final class SnmpMeters implements SnmpObserver {
    private final Map<Request, Counter> requests = new EnumMap<>(Request.class);
    private final Map<Delivery, Counter> notifications = new EnumMap<>(Delivery.class);

    SnmpMeters(MeterRegistry registry) {
        for (Request type : Request.values()) {
            requests.put(
                    type,
                    Counter.builder("lvsd.snmp.requests")
                            .description("SNMP requests by type, or by the reason why they were not answered")
                            .tag("type", type.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        for (Delivery outcome : Delivery.values()) {
            notifications.put(
                    outcome,
                    Counter.builder("lvsd.snmp.notifications")
                            .description("SNMP notifications by outcome, for each receiver")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
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
