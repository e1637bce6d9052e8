package io.lvsd.core.plan;

import io.lvsd.core.model.Maintenance;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.sorryserver.setup.Bypass;
import io.lvsd.sorryserver.setup.ClientNetwork;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a maintenance changes on the sorry page of a virtual server.
 *
 * @param message instead of that of the page; empty: that of the page
 * @param until instead of that of the page; empty: that of the page
 * @param bypass clients that reach the real servers
 */
public record SorryNotice(String message, Optional<Instant> until, Bypass bypass) {
    /** Without maintenance. */
    public static final SorryNotice NONE = new SorryNotice("", Optional.empty(), Bypass.NONE);

    /** Allowed clients reach the real servers that would receive connections now. */
    public static SorryNotice of(VsState server) {
        return server.maintenance()
                .map(m -> new SorryNotice(m.message(), m.until(), bypass(m, server)))
                .orElse(NONE);
    }

    private static Bypass bypass(Maintenance maintenance, VsState server) {
        if (maintenance.allow().isEmpty()) {
            return Bypass.NONE;
        }
        List<ClientNetwork> networks = maintenance.allow().stream()
                .map(n -> new ClientNetwork(n.address(), n.prefix()))
                .toList();
        List<InetSocketAddress> servers = server.realServers().stream()
                .filter(RsState::receives)
                .map(rs -> rs.config().id())
                .map(id -> new InetSocketAddress(id.address(), id.port()))
                .toList();
        return new Bypass(networks, servers);
    }

    /** Whether only the built-in page can do what the maintenance requires, also if another program serves a sorry page. */
    public boolean needsPage() {
        return !equals(NONE);
    }
}
