package io.lvsd.core.plan;

import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A service as the table should have it.
 *
 * @param destinations in the order of the configuration
 * @param grace how long a healthy destination that leaves has for its connections
 * @param dead destinations of real servers that failed: they leave at once, without grace
 */
public record WantedService(
        IpvsService config,
        SequencedMap<DestinationKey, IpvsDestination> destinations,
        Duration grace,
        Set<DestinationKey> dead) {
    public WantedService {
        destinations = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(destinations));
        dead = Set.copyOf(dead);
    }
}
