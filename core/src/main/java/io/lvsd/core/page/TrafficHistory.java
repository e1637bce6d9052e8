package io.lvsd.core.page;

import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Samples of active connections and of connections per second, of each service and destination, for the last ten minutes. Takes
 * about 600 bytes for each. Thread-safe.
 */
final class TrafficHistory {
    /** Samples that are kept. */
    static final int LENGTH = 60;

    // guarded by this
    private final Map<Subject, Series> series = new HashMap<>();
    private long samples;

    /** @param destination empty: the whole service */
    record Subject(ServiceKey service, Optional<DestinationKey> destination) {}

    /** The samples of a subject, the latest last. */
    @SuppressWarnings("ArrayRecordComponent")
    record Samples(int[] active, int[] rate) {}

    private static final class Series {
        private final int[] active = new int[LENGTH];
        private final int[] rate = new int[LENGTH];
        private long first;
        private long last;
    }

    /** Takes one sample. What is not in the table is forgotten. */
    synchronized void sample(Map<ServiceKey, ServiceState> table) {
        long now = samples++;
        table.forEach((key, service) -> {
            long active = service.destinations().values().stream()
                    .mapToLong(d -> d.active())
                    .sum();
            add(new Subject(key, Optional.empty()), now, active, service.stats());
            service.destinations()
                    .forEach((destination, state) ->
                            add(new Subject(key, Optional.of(destination)), now, state.active(), state.stats()));
        });
        series.values().removeIf(s -> s.last != now);
    }

    private void add(Subject subject, long now, long active, IpvsStats stats) {
        Series of = series.computeIfAbsent(subject, _ -> {
            Series fresh = new Series();
            fresh.first = now;
            return fresh;
        });
        int index = (int) (now % LENGTH);
        of.active[index] = clamp(active);
        of.rate[index] = clamp(stats.connectionRate());
        of.last = now;
    }

    private static int clamp(long value) {
        return Math.clamp(value, 0, Integer.MAX_VALUE);
    }

    /** The samples of a subject; empty if it is unknown. */
    synchronized Optional<Samples> of(Subject subject) {
        Series found = series.get(subject);
        if (found == null) {
            return Optional.empty();
        }
        int count = (int) Math.min(LENGTH, found.last - found.first + 1);
        int[] active = new int[count];
        int[] rate = new int[count];
        for (int i = 0; i < count; i++) {
            int index = (int) ((found.last - count + 1 + i) % LENGTH);
            active[i] = found.active[index];
            rate[i] = found.rate[index];
        }
        return Optional.of(new Samples(active, rate));
    }

    /** The maximum of some numbers. */
    static OptionalInt max(int[] numbers) {
        return Arrays.stream(numbers).max();
    }
}
