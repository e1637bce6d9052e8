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
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a service of ours should look like now: the desired state, plus destinations that are still draining, with changes by
 * others kept where the repair mode says so.
 */
public final class TargetService {
    private TargetService() {}

    /**
     * The service to plan for.
     *
     * @param desired null if the configuration no longer has the service
     * @param actual as in the table; null if it is not there
     * @param programmed as lvsd programmed it last; null if it never did
     * @return empty if it should not be there
     */
    public static Optional<WantedService> of(
            @Nullable WantedService desired,
            @Nullable ServiceState actual,
            @Nullable ServiceState programmed,
            Map<DestinationKey, Draining> draining,
            Repair repair) {
        if (desired != null && draining.isEmpty() && isUnchangedByOthers(actual, programmed, repair)) {
            return Optional.of(desired);
        }
        Map<DestinationKey, DestinationState> present = actual == null ? Map.of() : actual.destinations();
        Map<DestinationKey, DestinationState> made = programmed == null ? Map.of() : programmed.destinations();
        SequencedMap<DestinationKey, IpvsDestination> destinations = new LinkedHashMap<>();
        if (desired != null) {
            desired.destinations()
                    .values()
                    .forEach(d -> tolerated(d, present, made, repair).ifPresent(t -> destinations.put(t.key(), t)));
        }
        draining.forEach((key, removal) -> {
            DestinationState state = present.get(key);
            if (!removal.over() && state != null) {
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
            return Optional.of(new WantedService(config, destinations));
        }
        return destinations.isEmpty() || actual == null
                ? Optional.empty()
                : Optional.of(new WantedService(actual.config(), destinations));
    }

    /** Whether nothing has to be kept as others made it. */
    private static boolean isUnchangedByOthers(
            @Nullable ServiceState actual, @Nullable ServiceState programmed, Repair repair) {
        return repair == Repair.ON
                || actual != null && programmed != null && ReadingDifference.isSameConfig(actual, programmed);
    }

    /** A destination as wanted, or as others changed it after it was programmed as wanted. */
    private static Optional<IpvsDestination> tolerated(
            IpvsDestination wanted,
            Map<DestinationKey, DestinationState> presentOnes,
            Map<DestinationKey, DestinationState> madeOnes,
            Repair repair) {
        if (repair == Repair.ON) {
            return Optional.of(wanted);
        }
        DestinationState present = presentOnes.get(wanted.key());
        boolean asWanted =
                present == null ? repair == Repair.MISSING : present.config().equals(wanted);
        if (asWanted) {
            return Optional.of(wanted);
        }
        DestinationState made = madeOnes.get(wanted.key());
        if (made == null || !made.config().equals(wanted)) {
            return Optional.of(wanted);
        }
        return Optional.ofNullable(present).map(DestinationState::config);
    }

    private static IpvsService config(
            IpvsService wanted, @Nullable ServiceState actual, @Nullable ServiceState programmed, Repair repair) {
        boolean programmedAsWanted = programmed != null && programmed.config().equals(wanted);
        return repair != Repair.ON && programmedAsWanted && actual != null ? actual.config() : wanted;
    }
}
