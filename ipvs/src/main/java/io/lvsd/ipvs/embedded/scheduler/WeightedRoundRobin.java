package io.lvsd.ipvs.embedded.scheduler;

import io.lvsd.ipvs.embedded.table.Client;
import io.lvsd.ipvs.embedded.table.LiveDestination;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * wrr: walks round the list, and each time round only those whose weight reaches a level that sinks from the greatest
 * weight by their greatest common divisor ({@code ip_vs_wrr.c}).
 */
final class WeightedRoundRobin implements Scheduler {
    private List<LiveDestination> destinations = List.of();
    private int last = -1;
    private long level;
    private long step = 1;

    @Override
    public Optional<LiveDestination> pick(Client client, Predicate<LiveDestination> usable) {
        long greatest = 0;
        for (LiveDestination destination : destinations) {
            if (usable.test(destination)) {
                greatest = Math.max(greatest, destination.weight());
            }
        }
        if (greatest == 0) {
            return Optional.empty();
        }
        // Weight levels without a usable destination are skipped, so two passes are enough.
        for (int round = 0; round < 3; round++) {
            for (int next = last + 1; next < destinations.size(); next++) {
                LiveDestination destination = destinations.get(next);
                if (destination.weight() >= level && usable.test(destination)) {
                    last = next;
                    return Optional.of(destination);
                }
            }
            last = -1;
            level = level - step > 0 ? Math.min(level - step, greatest) : greatest;
        }
        return Optional.empty();
    }

    @Override
    public void destinations(List<LiveDestination> now) {
        destinations = now;
        last = -1;
        step = 1;
        long divisor = 0;
        long greatest = 0;
        for (LiveDestination destination : now) {
            divisor = Divisor.common(divisor, destination.weight());
            greatest = Math.max(greatest, destination.weight());
        }
        step = Math.max(1, divisor);
        long top = greatest - (step - 1);
        if (level > top || level == 0) {
            level = top;
        } else if (step > 1) {
            level = level / step * step + 1;
        }
    }
}
