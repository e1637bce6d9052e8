package io.lvsd.core.engine;

import io.lvsd.core.plan.Draining;
import io.lvsd.core.plan.Translation;
import io.lvsd.core.plan.WantedService;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * Healthy destinations that are being removed: at weight 0 until they are idle or their grace is over.
 *
 * @param byService those of each service; a service without any has no entry
 */
record DrainingDestinations(PMap<ServiceKey, PMap<DestinationKey, Draining>> byService) {
    static final DrainingDestinations NONE = new DrainingDestinations(HashTreePMap.empty());
    /** For destinations of services that are no longer configured. */
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

    Set<ServiceKey> services() {
        return byService.keySet();
    }

    Map<DestinationKey, Draining> of(ServiceKey key) {
        return byService.getOrDefault(key, HashTreePMap.empty());
    }

    DrainingDestinations without(Set<ServiceKey> services) {
        return new DrainingDestinations(byService.minusAll(services));
    }

    /**
     * Evaluates one service: destinations of ours that are no longer wanted begin to drain, those that are wanted again stop,
     * and those that are idle or out of time may be deleted.
     *
     * @param programmed as lvsd made it; null if it never did
     * @param present as it is in the table; null if it is not there
     * @param wanted null if the configuration no longer has it
     * @param readAt when {@code present} was read, in monotonic nanoseconds
     * @param now monotonic nanoseconds
     */
    DrainingDestinations evaluate(
            ServiceKey key,
            @Nullable ServiceState programmed,
            @Nullable ServiceState present,
            @Nullable WantedService wanted,
            long readAt,
            long now) {
        PMap<DestinationKey, Draining> next = HashTreePMap.empty();
        if (programmed != null && present != null) {
            for (DestinationKey destination : programmed.destinations().keySet()) {
                DestinationState state = isUnwantedButHealthy(destination, wanted)
                        ? present.destinations().get(destination)
                        : null;
                if (state != null) {
                    Draining draining = draining(key, destination, state, wanted, now);
                    boolean zero = state.config().weight() == 0;
                    next = next.plus(destination, draining.evaluated(zero, state.active(), readAt, now));
                }
            }
        }
        if (next.equals(of(key))) {
            return this;
        }
        return new DrainingDestinations(next.isEmpty() ? byService.minus(key) : byService.plus(key, next));
    }

    private static boolean isUnwantedButHealthy(DestinationKey destination, @Nullable WantedService wanted) {
        return wanted == null
                || !wanted.destinations().containsKey(destination)
                        && !wanted.dead().contains(destination);
    }

    private Draining draining(
            ServiceKey key,
            DestinationKey destination,
            DestinationState state,
            @Nullable WantedService wanted,
            long now) {
        Duration grace = grace(key, destination, wanted);
        Draining known = of(key).get(destination);
        if (known == null) {
            boolean idle = !state.config().usable() && state.active() == 0;
            return new Draining(now, now + grace.toNanos(), idle || grace.isZero());
        }
        return wanted == null ? known : known.within(grace);
    }

    /** Services that only carry probes need no grace. */
    private static Duration grace(ServiceKey key, DestinationKey destination, @Nullable WantedService wanted) {
        if (wanted != null) {
            return wanted.graceOf(destination);
        }
        return Translation.isPath(key) ? Duration.ZERO : DEFAULT_GRACE;
    }
}
