package io.lvsd.ipvs.embedded.scheduler;

import io.lvsd.ipvs.embedded.table.Client;
import io.lvsd.ipvs.embedded.table.LiveDestination;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** fo and ovf: the greatest weight; with ovf only while it has fewer connections than that ({@code ip_vs_fo.c}, {@code ip_vs_ovf.c}). */
final class Failover implements Scheduler {
    private final boolean overflowing;
    private List<LiveDestination> destinations = List.of();

    Failover(boolean overflowing) {
        this.overflowing = overflowing;
    }

    @Override
    public Optional<LiveDestination> pick(Client client, Predicate<LiveDestination> usable) {
        LiveDestination best = null;
        for (LiveDestination destination : destinations) {
            boolean full = overflowing && destination.active() >= destination.weight();
            if (usable.test(destination) && !full && (best == null || destination.weight() > best.weight())) {
                best = destination;
            }
        }
        return Optional.ofNullable(best);
    }

    @Override
    public void destinations(List<LiveDestination> now) {
        destinations = now;
    }
}
