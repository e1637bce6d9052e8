package io.lvsd.core.plan;

import io.lvsd.conf.value.Repair;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.ServiceState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a service of ours should look like right now: the desired state, plus destinations that are still leaving, minus
 * what the repair mode says to leave as somebody else made it.
 */
public final class TargetService {
    private TargetService() {}

    /**
     * The service to plan for.
     *
     * @param desired null if the configuration no longer has it
     * @param actual as last read; null if it is not there
     * @param programmed as this daemon last made it; null if it never did
     * @return empty: it should not be there
     */
    public static Optional<WantedService> of(
            @Nullable WantedService desired,
            @Nullable ServiceState actual,
            @Nullable ServiceState programmed,
            Map<DestinationKey, Draining> leaving,
            Repair repair) {
        Map<DestinationKey, DestinationState> present = actual == null ? Map.of() : actual.destinations();
        Map<DestinationKey, DestinationState> made = programmed == null ? Map.of() : programmed.destinations();
        Map<DestinationKey, IpvsDestination> destinations = new LinkedHashMap<>();
        if (desired != null) {
            desired.destinations()
                    .values()
                    .forEach(d -> tolerated(d, present.get(d.key()), made.get(d.key()), repair)
                            .ifPresent(t -> destinations.put(t.key(), t)));
        }
        leaving.forEach((key, leave) -> {
            DestinationState state = present.get(key);
            if (!leave.over() && state != null) {
                destinations.putIfAbsent(key, state.config().withWeight(0));
            }
        });
        if (repair == Repair.REPORT && desired != null) {
            present.forEach((key, state) -> {
                if (!made.containsKey(key) && !desired.dead().contains(key)) {
                    destinations.putIfAbsent(key, state.config());
                }
            });
        }
        if (desired != null) {
            IpvsService config = config(desired.config(), actual, programmed, repair);
            return Optional.of(new WantedService(config, new LinkedHashMap<>(destinations)));
        }
        return destinations.isEmpty() || actual == null
                ? Optional.empty()
                : Optional.of(new WantedService(actual.config(), new LinkedHashMap<>(destinations)));
    }

    /** A destination as wanted, or as somebody changed it since it was made as wanted. */
    private static Optional<IpvsDestination> tolerated(
            IpvsDestination wanted,
            @Nullable DestinationState present,
            @Nullable DestinationState made,
            Repair repair) {
        boolean madeAsWanted = made != null && made.config().equals(wanted);
        if (!madeAsWanted || repair == Repair.ON) {
            return Optional.of(wanted);
        }
        if (present != null) {
            return Optional.of(present.config());
        }
        return repair == Repair.REPORT ? Optional.empty() : Optional.of(wanted);
    }

    private static IpvsService config(
            IpvsService wanted, @Nullable ServiceState actual, @Nullable ServiceState programmed, Repair repair) {
        boolean madeAsWanted = programmed != null && programmed.config().equals(wanted);
        return repair != Repair.ON && madeAsWanted && actual != null ? actual.config() : wanted;
    }
}
