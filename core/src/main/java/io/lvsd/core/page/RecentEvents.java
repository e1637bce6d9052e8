package io.lvsd.core.page;

import java.util.List;
import java.util.Map;

/**
 * The last events, the latest first.
 *
 * @param all of the daemon and of all virtual servers
 * @param byVirtualServer those of each virtual server, by its id
 */
public record RecentEvents(List<PageEvent> all, Map<String, List<PageEvent>> byVirtualServer) {
    /** No events. */
    static final RecentEvents NONE = new RecentEvents(List.of(), Map.of());

    public RecentEvents {
        all = List.copyOf(all);
        byVirtualServer = Map.copyOf(byVirtualServer);
    }

    List<PageEvent> of(String virtualServer) {
        return byVirtualServer.getOrDefault(virtualServer, List.of());
    }
}
