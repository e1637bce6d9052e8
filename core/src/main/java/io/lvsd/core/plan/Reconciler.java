package io.lvsd.core.plan;

import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The difference of two tables as commands. Considers only the services that it is given, in the order of their keys, so that
 * two plans can be compared. Never contains a flush.
 */
public final class Reconciler {
    private final List<IpvsCommand> adds = new ArrayList<>();
    private final List<IpvsCommand> removals = new ArrayList<>();
    private final Map<ServiceKey, Set<DestinationKey>> usable = new HashMap<>();

    private Reconciler() {}

    /**
     * The commands that make {@code actual} into {@code wanted}.
     *
     * @param services those that may be touched; one that is not wanted is deleted
     */
    public static Plan plan(
            Collection<ServiceKey> services,
            Map<ServiceKey, WantedService> wanted,
            Map<ServiceKey, ServiceState> actual) {
        Reconciler difference = new Reconciler();
        for (ServiceKey key : new TreeSet<>(services)) {
            difference.service(key, wanted.get(key), actual.get(key));
        }
        return new Plan(difference.adds, difference.removals, difference.usable);
    }

    private void service(ServiceKey key, @Nullable WantedService wanted, @Nullable ServiceState actual) {
        if (wanted == null) {
            if (actual != null) {
                removals.add(new IpvsCommand.DelService(key));
            }
            return;
        }
        if (actual == null) {
            adds.add(new IpvsCommand.NewService(wanted.config()));
        } else if (!actual.config().equals(wanted.config())) {
            adds.add(new IpvsCommand.SetService(wanted.config()));
        }
        destinations(key, wanted, actual == null ? Map.of() : actual.destinations());
    }

    private void destinations(ServiceKey key, WantedService wanted, Map<DestinationKey, DestinationState> actual) {
        int before = adds.size();
        for (IpvsDestination destination : wanted.destinations().values()) {
            DestinationState present = actual.get(destination.key());
            if (present == null) {
                adds.add(new IpvsCommand.NewDest(key, destination));
            } else if (!present.config().equals(destination)) {
                (destination.usable() ? adds : removals).add(new IpvsCommand.SetDest(key, destination));
            }
        }
        for (DestinationKey present : actual.keySet()) {
            if (!wanted.destinations().containsKey(present)) {
                removals.add(new IpvsCommand.DelDest(key, present));
            }
        }
        // Only a destination that could not be added makes the rest too few.
        if (adds.size() > before) {
            Set<DestinationKey> usableHere = usable(wanted);
            if (!usableHere.isEmpty()) {
                usable.put(key, usableHere);
            }
        }
    }

    private static Set<DestinationKey> usable(WantedService wanted) {
        Set<DestinationKey> usable = HashSet.newHashSet(wanted.destinations().size());
        for (IpvsDestination destination : wanted.destinations().values()) {
            if (destination.usable()) {
                usable.add(destination.key());
            }
        }
        return usable;
    }
}
