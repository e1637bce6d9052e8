package io.lvsd.core.plan;

import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One difference between a service as lvsd programmed it and as it is in the table. */
public record Drift(ServiceKey service, String what, String detail) implements Comparable<Drift> {
    private static final String SERVICE_GONE = "service_gone";
    private static final String SERVICE_EDITED = "service_edited";
    private static final String DESTINATION_GONE = "destination_gone";
    private static final String DESTINATION_EDITED = "destination_edited";
    private static final String DESTINATION_FOREIGN = "destination_foreign";

    /** All values of {@link #what}. */
    public static final Set<String> KINDS =
            Set.of(SERVICE_GONE, SERVICE_EDITED, DESTINATION_GONE, DESTINATION_EDITED, DESTINATION_FOREIGN);

    /** The differences of one service, in a stable order. */
    public static SortedSet<Drift> of(ServiceKey key, ServiceState programmed, @Nullable ServiceState actual) {
        SortedSet<Drift> found = new TreeSet<>();
        if (actual == null) {
            found.add(new Drift(key, SERVICE_GONE, ""));
            return found;
        }
        if (!actual.config().equals(programmed.config())) {
            found.add(new Drift(
                    key, SERVICE_EDITED, "scheduler " + actual.config().scheduler()));
        }
        Map<DestinationKey, DestinationState> present = actual.destinations();
        programmed.destinations().forEach((destination, made) -> {
            DestinationState state = present.get(destination);
            if (state == null) {
                found.add(new Drift(key, DESTINATION_GONE, destination.toString()));
            } else if (!state.config().equals(made.config())) {
                String change = destination + " weight " + made.config().weight() + " is "
                        + state.config().weight();
                found.add(new Drift(key, DESTINATION_EDITED, change));
            }
        });
        present.keySet().stream()
                .filter(d -> !programmed.destinations().containsKey(d))
                .forEach(d -> found.add(new Drift(key, DESTINATION_FOREIGN, d.toString())));
        return found;
    }

    @Override
    public int compareTo(Drift other) {
        int byService = service.compareTo(other.service);
        return byService != 0 ? byService : (what + detail).compareTo(other.what + other.detail);
    }
}
