package io.lvsd.ipvs.embedded.scheduler;

import io.lvsd.ipvs.embedded.table.Client;
import io.lvsd.ipvs.embedded.table.LiveDestination;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * lc, wlc, sed and nq: the destination with the least load; the first of equals ({@code ip_vs_lc.c}, {@code ip_vs_wlc.c},
 * {@code ip_vs_sed.c}, {@code ip_vs_nq.c}).
 */
final class LeastLoaded implements Scheduler {
    /** What load is. */
    enum Cost {
        /** lc: an active connection weighs as much as 256 inactive ones. */
        CONNECTIONS,
        /** wlc: the same, divided by the weight. */
        CONNECTIONS_BY_WEIGHT,
        /** sed: the active connections there would be, divided by the weight. */
        EXPECTED_DELAY,
        /** nq: the first that is idle; if none is, as sed. */
        IDLE_THEN_EXPECTED_DELAY
    }

    private final Cost cost;
    private List<LiveDestination> destinations = List.of();

    LeastLoaded(Cost cost) {
        this.cost = cost;
    }

    @Override
    public Optional<LiveDestination> pick(Client client, Predicate<LiveDestination> usable) {
        LiveDestination least = null;
        for (LiveDestination destination : destinations) {
            if (!usable.test(destination)) {
                continue;
            }
            if (cost == Cost.IDLE_THEN_EXPECTED_DELAY && destination.active() == 0) {
                return Optional.of(destination);
            }
            // Fractions compared by their cross products; below 2^41 times 2^31 they may pass 2^63, so in floating
            // point.
            if (least == null || load(least) * divisor(destination) > load(destination) * divisor(least)) {
                least = destination;
            }
        }
        return Optional.ofNullable(least);
    }

    private double load(LiveDestination d) {
        return switch (cost) {
            case CONNECTIONS, CONNECTIONS_BY_WEIGHT -> (d.active() << 8) + d.inactive();
            case EXPECTED_DELAY, IDLE_THEN_EXPECTED_DELAY -> d.active() + 1;
        };
    }

    private double divisor(LiveDestination d) {
        return cost == Cost.CONNECTIONS ? 1 : d.weight();
    }

    @Override
    public void destinations(List<LiveDestination> now) {
        destinations = now;
    }
}
