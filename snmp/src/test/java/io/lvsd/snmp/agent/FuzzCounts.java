package io.lvsd.snmp.agent;

import io.lvsd.snmp.SnmpObserver;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Counts what an agent reports. Thread-safe. */
final class FuzzCounts implements SnmpObserver {
    private final Map<Request, AtomicLong> requests = new EnumMap<>(Request.class);

    FuzzCounts() {
        for (Request type : Request.values()) {
            requests.put(type, new AtomicLong());
        }
    }

    @Override
    public void request(Request type) {
        of(type).incrementAndGet();
    }

    @Override
    public void notification(Delivery outcome) {}

    private AtomicLong of(Request type) {
        return Objects.requireNonNull(requests.get(type));
    }

    /** Messages; a truncated response is counted in addition to its request. */
    long messages() {
        return requests.values().stream().mapToLong(AtomicLong::get).sum()
                - of(Request.TRUNCATED).get();
    }

    @Override
    public String toString() {
        return requests.entrySet().stream()
                .filter(e -> e.getValue().get() > 0)
                .map(e -> e.getKey().name().toLowerCase(Locale.ROOT) + " " + e.getValue())
                .collect(Collectors.joining(", "));
    }
}
