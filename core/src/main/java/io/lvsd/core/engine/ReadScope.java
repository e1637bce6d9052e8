package io.lvsd.core.engine;

import io.lvsd.ipvs.model.ServiceKey;
import java.util.Set;

/** How much of the table is read at once. Each of these includes timeouts and sync daemons. */
public sealed interface ReadScope {
    /**
     * The part whose turn it is: the whole table if it is small, otherwise as many services as a part may take.
     *
     * @param changed services that lvsd changed since they were read, unmodifiable: they are read even if they are not listed
     */
    record Next(Set<ServiceKey> changed) implements ReadScope {}

    /** The whole table. */
    record Whole() implements ReadScope {}

    /** Some services; none: only timeouts and sync daemons. */
    record Services(Set<ServiceKey> keys) implements ReadScope {
        public Services {
            keys = Set.copyOf(keys);
        }
    }
}
