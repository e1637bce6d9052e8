package io.lvsd.conf.model;

import io.lvsd.conf.source.Origin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a configuration are written. The records of a configuration do not contain it, so that they are equal
 * wherever their lines are. Thread-safe.
 */
public final class ConfigOrigins {
    /** Of a configuration without virtual servers. */
    public static final ConfigOrigins NONE = new ConfigOrigins(List.of(), List.of(), Optional.empty());

    private static final Origin UNKNOWN = Origin.ofFile("");

    private final List<VirtualServerConfig> configs;
    private final List<Server> origins;
    private final Optional<Origin> syncDaemon;
    /** Null: not needed yet, as after most reloads. */
    private volatile @Nullable Map<VsId, Server> servers;

    /**
     * Origins of one virtual server.
     *
     * @param realServers in the order of the configuration
     * @param sorry of {@code sorry_server}
     * @param sorryListen of {@code sorry_listen} in the block of the virtual server
     */
    public record Server(
            Origin origin, List<Origin> realServers, Optional<Origin> sorry, Optional<Origin> sorryListen) {
        public Server {
            realServers = List.copyOf(realServers);
        }
    }

    /**
     * Origins of the parts of a configuration.
     *
     * @param configs all virtual servers
     * @param origins of these, in the same order
     * @param syncDaemon of the line {@code lvs_sync_daemon}; empty: there is none
     */
    public ConfigOrigins(List<VirtualServerConfig> configs, List<Server> origins, Optional<Origin> syncDaemon) {
        this.configs = List.copyOf(configs);
        this.origins = List.copyOf(origins);
        this.syncDaemon = syncDaemon;
    }

    private Optional<Server> server(VsId id) {
        Map<VsId, Server> known = servers;
        if (known == null) {
            known = HashMap.newHashMap(configs.size());
            for (int i = 0; i < configs.size(); i++) {
                known.put(configs.get(i).id(), origins.get(i));
            }
            servers = known;
        }
        return Optional.ofNullable(known.get(id));
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
