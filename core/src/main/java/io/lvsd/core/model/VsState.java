package io.lvsd.core.model;

import io.lvsd.checkers.CheckId;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VirtualServerConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/** One virtual server with its real servers, in their configured order. Shares structure with what it came from. */
public final class VsState {
    private final VirtualServerConfig config;
    private final boolean quorumUp;
    private final PVector<RsState> servers;
    private final Map<RsId, Integer> places;

    public VsState(VirtualServerConfig config, boolean quorumUp, List<RsState> servers) {
        this(config, quorumUp, TreePVector.from(servers), new HashMap<>());
        for (int i = 0; i < servers.size(); i++) {
            places.put(servers.get(i).config().id(), i);
        }
    }

    private VsState(VirtualServerConfig config, boolean quorumUp, PVector<RsState> servers, Map<RsId, Integer> places) {
        this.config = config;
        this.quorumUp = quorumUp;
        this.servers = servers;
        this.places = places;
    }

    public VirtualServerConfig config() {
        return config;
    }

    public boolean quorumUp() {
        return quorumUp;
    }

    public List<RsState> realServers() {
        return servers;
    }

    /** The weight of all live real servers. */
    public long liveWeight() {
        return servers.stream()
                .filter(RsState::alive)
                .mapToLong(RsState::weight)
                .sum();
    }

    public Optional<RsState> realServer(RsId id) {
        Integer place = places.get(id);
        return place == null ? Optional.empty() : Optional.of(servers.get(place));
    }

    public Optional<CheckState> check(CheckId id) {
        return realServer(id.rs()).flatMap(rs -> rs.check(id));
    }

    public VsState with(RsId id, CheckState changed) {
        Integer place = places.get(id);
        return place == null
                ? this
                : new VsState(
                        config, quorumUp, servers.with(place, servers.get(place).with(changed)), places);
    }

    public VsState withQuorum(boolean up) {
        return up == quorumUp ? this : new VsState(config, up, servers, places);
    }
}
