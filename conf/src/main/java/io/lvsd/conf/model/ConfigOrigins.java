package io.lvsd.conf.model;

import io.lvsd.conf.source.Origin;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the parts of a configuration are written. The records of a configuration do not contain it, so that they are equal
 * wherever their lines are.
 */
public final class ConfigOrigins {
    /** Of a configuration without virtual servers. */
    public static final ConfigOrigins NONE = new ConfigOrigins(Map.of(), Optional.empty());

    private static final Origin UNKNOWN = Origin.ofFile("");

    private final Map<VsId, Server> servers;
    private final Optional<Origin> syncDaemon;

    /**
     * Origins of one virtual server.
     *
     * @param realServers in the order of the configuration
     */
    public record Server(Origin origin, List<Origin> realServers, Optional<Origin> sorry) {
        public Server {
            realServers = List.copyOf(realServers);
        }
    }

    /** @param syncDaemon of the line {@code lvs_sync_daemon}; empty: there is none */
    public ConfigOrigins(Map<VsId, Server> servers, Optional<Origin> syncDaemon) {
        this.servers = Map.copyOf(servers);
        this.syncDaemon = syncDaemon;
    }

    private Optional<Server> server(VsId id) {
        return Optional.ofNullable(servers.get(id));
    }

    /** Of the line with the address, mark or group of a virtual server. */
    public Origin virtualServer(VsId id) {
        return server(id).map(Server::origin).orElse(UNKNOWN);
    }

    /**
     * Of the line with the address of a real server.
     *
     * @param index in the list of the virtual server's real servers, from 0
     */
    public Origin realServer(VsId id, int index) {
        return server(id).map(s -> s.realServers().get(index)).orElse(UNKNOWN);
    }

    /** Of the line {@code sorry_server}. */
    public Origin sorryServer(VsId id) {
        return server(id).flatMap(Server::sorry).orElse(UNKNOWN);
    }

    /** Of the line {@code lvs_sync_daemon}. */
    public Origin syncDaemon() {
        return syncDaemon.orElse(UNKNOWN);
    }
}
