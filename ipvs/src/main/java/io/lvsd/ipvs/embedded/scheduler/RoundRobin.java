package io.lvsd.ipvs.embedded.scheduler;

import io.lvsd.ipvs.embedded.table.Client;
import io.lvsd.ipvs.embedded.table.LiveDestination;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** rr: one after the other, weights apart from 0 ignored ({@code ip_vs_rr.c}). */
final class RoundRobin implements Scheduler {
    private List<LiveDestination> destinations = List.of();
    private int last = -1;

    @Override
    public Optional<LiveDestination> pick(Client client, Predicate<LiveDestination> usable) {
        int count = destinations.size();
        for (int i = 1; i <= count; i++) {
            int next = (last + i) % count;
            if (usable.test(destinations.get(next))) {
                last = next;
                return Optional.of(destinations.get(next));
            }
        }
        return Optional.empty();
    }

    @Override
    public void destinations(List<LiveDestination> now) {
        last = Position.after(destinations, now, last);
        destinations = now;
    }
}
