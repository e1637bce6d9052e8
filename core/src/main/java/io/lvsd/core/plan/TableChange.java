package io.lvsd.core.plan;

import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a change of state does to the destination of a real server in the table. */
public final class TableChange {
    /** The table is not changed, for example because the sorry server is in use. */
    public static final String NONE = "unchanged";

    private TableChange() {}

    /**
     * The change in the first service of a virtual server where there is one.
     *
     * @param before wanted services before the change of state
     * @param after wanted services after it
     * @return {@code added}, {@code removed}, {@code weight_N} or {@link #NONE}
     */
    public static String of(
            RealServerConfig server,
            Collection<ServiceKey> services,
            Map<ServiceKey, WantedService> before,
            Map<ServiceKey, WantedService> after) {
        return services.stream()
                .map(key -> of(destination(key, server, before), destination(key, server, after)))
                .filter(change -> !change.equals(NONE))
                .findFirst()
                .orElse(NONE);
    }

    private static @Nullable IpvsDestination destination(
            ServiceKey key, RealServerConfig server, Map<ServiceKey, WantedService> services) {
        WantedService service = services.get(key);
        return service == null ? null : service.destinations().get(DesiredState.key(key, server));
    }

    private static String of(@Nullable IpvsDestination before, @Nullable IpvsDestination after) {
        if (after == null) {
            return before == null ? NONE : "removed";
        }
        if (before == null) {
            return "added";
        }
        return before.weight() == after.weight() ? NONE : "weight_" + after.weight();
    }
}
