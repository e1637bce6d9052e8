package io.lvsd.ipvs.embedded.scheduler;

import io.lvsd.ipvs.embedded.table.Client;
import io.lvsd.ipvs.embedded.table.LiveDestination;
import io.lvsd.ipvs.model.IpvsService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Picks a destination as the kernel's module of the same name does. Guarded by the lock of its service. */
public interface Scheduler {
    /** A scheduler for a service's flags. */
    Map<String, Function<Long, Scheduler>> ALL = Map.of(
            "rr", _ -> new RoundRobin(),
            "wrr", _ -> new WeightedRoundRobin(),
            "lc", _ -> new LeastLoaded(LeastLoaded.Cost.CONNECTIONS),
            "wlc", _ -> new LeastLoaded(LeastLoaded.Cost.CONNECTIONS_BY_WEIGHT),
            "sed", _ -> new LeastLoaded(LeastLoaded.Cost.EXPECTED_DELAY),
            "nq", _ -> new LeastLoaded(LeastLoaded.Cost.IDLE_THEN_EXPECTED_DELAY),
            "fo", _ -> new Failover(false),
            "ovf", _ -> new Failover(true),
            "sh", flags -> new SourceHash((flags & IpvsService.SCHED1) != 0, (flags & IpvsService.SCHED2) != 0),
            "mh", flags -> new Maglev((flags & IpvsService.SCHED1) != 0, (flags & IpvsService.SCHED2) != 0));

    /** The names of all, for messages. */
    static Set<String> names() {
        return ALL.keySet();
    }

    /**
     * Picks one.
     *
     * @param usable whether a destination may be chosen now
     * @return empty if none may be
     */
    Optional<LiveDestination> pick(Client client, Predicate<LiveDestination> usable);

    /** The destinations are these from now on, newest first, as the kernel's list has them; or their weights changed. */
    void destinations(List<LiveDestination> destinations);
}
