package io.lvsd.core.plan;

import io.lvsd.conf.model.RsId;
import io.lvsd.core.model.VsState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
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
     * @param id of the real server
     * @param before the virtual server before the change of state
     * @param after the virtual server after it
     * @param sorry the sorry server's destination of each service that may be used now
     * @return {@code added}, {@code removed}, {@code weight_N} or {@link #NONE}
     */
    public static String of(RsId id, VsState before, VsState after, Map<ServiceKey, IpvsDestination> sorry) {
        for (ServiceKey key : Translation.keys(after.config())) {
            String change = of(destination(key, before, id, sorry), destination(key, after, id, sorry));
            if (!change.equals(NONE)) {
                return change;
            }
        }
        return NONE;
    }

    private static @Nullable IpvsDestination destination(
            ServiceKey key, VsState server, RsId id, Map<ServiceKey, IpvsDestination> sorry) {
        return server.realServer(id)
                .flatMap(rs -> DesiredState.destination(key, server, rs, sorry))
                .orElse(null);
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
