package io.lvsd.ipvs.embedded.flow;

import io.lvsd.ipvs.embedded.scheduler.Scheduler;
import io.lvsd.ipvs.embedded.table.Client;
import io.lvsd.ipvs.embedded.table.Counters;
import io.lvsd.ipvs.embedded.table.LiveDestination;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.ServiceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** A service with its destinations and their scheduler. Thread-safe; every call is short. */
public final class LiveService {
    private final Counters counters = new Counters();

    // all guarded by this
    private final List<LiveDestination> destinations = new ArrayList<>();
    /** Removed ones that still have connections: added again, they keep their counters, as with the "trash" of the kernel. */
    private final Map<DestinationKey, LiveDestination> removed = new HashMap<>();

    private final Templates templates = new Templates();
    private IpvsService config;
    private Scheduler scheduler;

    /** @throws IllegalArgumentException for a scheduler that is not among {@link Scheduler#ALL} */
    public LiveService(IpvsService config) {
        this.config = config;
        this.scheduler = scheduler(config);
    }

    private static Scheduler scheduler(IpvsService config) {
        Function<Long, Scheduler> maker = Scheduler.ALL.get(config.scheduler());
        if (maker == null) {
            throw new IllegalArgumentException(config.scheduler());
        }
        return maker.apply(config.flags());
    }

    public Counters counters() {
        return counters;
    }

    public synchronized IpvsService config() {
        return config;
    }

    public synchronized void configure(IpvsService next) {
        boolean sameScheduling = next.scheduler().equals(config.scheduler()) && next.flags() == config.flags();
        boolean sameClients = next.persistent() == config.persistent() && next.netmask() == config.netmask();
        config = next;
        if (!sameScheduling) {
            scheduler = scheduler(next);
            scheduler.destinations(List.copyOf(destinations));
        }
        if (!sameClients) {
            templates.clear();
        }
    }

    public synchronized boolean has(DestinationKey key) {
        return find(key).isPresent();
    }

    private Optional<LiveDestination> find(DestinationKey key) {
        return destinations.stream().filter(d -> d.key().equals(key)).findFirst();
    }

    /** Adds a destination, at the head of the list as the kernel does, or changes it. */
    public synchronized void put(IpvsDestination destination) {
        Optional<LiveDestination> known = find(destination.key());
        if (known.isPresent()) {
            known.get().configure(destination);
        } else {
            LiveDestination revived = removed.remove(destination.key());
            if (revived != null) {
                revived.configure(destination);
                revived.present(true);
            }
            destinations.addFirst(revived == null ? new LiveDestination(destination) : revived);
        }
        scheduler.destinations(List.copyOf(destinations));
    }

    /** Removes a destination; its connections continue until their end. */
    public synchronized void remove(DestinationKey key) {
        find(key).ifPresent(destination -> {
            destinations.remove(destination);
            destination.present(false);
            templates.forget(destination);
            scheduler.destinations(List.copyOf(destinations));
            if (destination.inUse()) {
                removed.put(key, destination);
            }
        });
    }

    /**
     * Selects the destination of a connection, and counts the connection there.
     *
     * @param tried destinations that could not be connected to; a persistent client keeps its own for the next time
     * @param second the present, in whole seconds of a monotonic clock
     * @return empty if no destination is usable
     */
    public synchronized Optional<LiveDestination> assign(Client client, Set<LiveDestination> tried, long second) {
        Optional<LiveDestination> chosen =
                config.persistent() ? persistent(client, tried, second) : schedule(client, tried);
        if (chosen.isPresent()) {
            chosen.get().opening();
            if (tried.isEmpty()) {
                counters.connection();
            }
        }
        return chosen;
    }

    private Optional<LiveDestination> persistent(Client client, Set<LiveDestination> tried, long second) {
        Optional<LiveDestination> known = templates.find(config, client, second);
        if (known.isPresent() && !tried.contains(known.get())) {
            return known;
        }
        Optional<LiveDestination> chosen = schedule(client, tried);
        if (known.isEmpty()) {
            chosen.ifPresent(d -> templates.remember(config, client, d, second));
        }
        return chosen;
    }

    private Optional<LiveDestination> schedule(Client client, Set<LiveDestination> tried) {
        return scheduler.pick(client, d -> d.takesConnections() && !tried.contains(d));
    }

    public synchronized void established(LiveDestination destination) {
        destination.established();
    }

    /** The end of a connection that was never established, or of a session of datagrams. */
    public synchronized void gaveUp(LiveDestination destination) {
        destination.gaveUp();
    }

    public synchronized void closing(LiveDestination destination) {
        destination.closing();
    }

    /** The end of a connection that was closing. */
    public synchronized void closed(LiveDestination destination, boolean reset, long second) {
        destination.closed(reset ? LiveDestination.RESET_SECONDS : LiveDestination.CLOSED_SECONDS, second);
    }

    /** Once for each second of the clock, without a gap. */
    public synchronized void second(long second) {
        destinations.forEach(d -> d.second(second));
        removed.values().forEach(d -> d.second(second));
        removed.values().removeIf(d -> !d.inUse());
        templates.second(second);
    }

    public synchronized void estimate() {
        counters.estimate();
        destinations.forEach(d -> d.counters().estimate());
    }

    public synchronized void zero() {
        counters.zero();
        destinations.forEach(d -> d.counters().zero());
    }

    public synchronized ServiceState state() {
        SortedMap<DestinationKey, DestinationState> states = new TreeMap<>();
        destinations.forEach(d -> states.put(d.key(), d.state()));
        IpvsStats stats = counters.stats();
        return new ServiceState(config, stats, states);
    }
}
