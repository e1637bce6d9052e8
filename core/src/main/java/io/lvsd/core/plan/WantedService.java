package io.lvsd.core.plan;

import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A service as it should be in the table.
 *
 * @param destinations in the order of the configuration
 * @param grace how long a healthy destination that is removed may keep its connections
 * @param drainTimeouts of the destinations that an operator drains, instead of the grace
 * @param dead destinations of failed real servers, which are removed without grace
 */
public record WantedService(
        IpvsService config,
        SequencedMap<DestinationKey, IpvsDestination> destinations,
        Duration grace,
        Map<DestinationKey, Duration> drainTimeouts,
        Set<DestinationKey> dead) {
    /** Takes the destinations over: they must not change any more. */
    public WantedService {
        destinations = Collections.unmodifiableSequencedMap(destinations);
        drainTimeouts = Map.copyOf(drainTimeouts);
        dead = Set.copyOf(dead);
    }

    /** A service without grace. */
    public WantedService(IpvsService config, SequencedMap<DestinationKey, IpvsDestination> destinations) {
        this(config, destinations, Duration.ZERO, Map.of(), Set.of());
    }

    /** How long a healthy destination that is removed may keep its connections. */
    public Duration graceOf(DestinationKey destination) {
        return drainTimeouts.getOrDefault(destination, grace);
    }
}
