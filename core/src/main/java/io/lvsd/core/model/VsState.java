package io.lvsd.core.model;

import io.lvsd.checkers.CheckId;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VirtualServerConfig;
import java.util.List;
import java.util.Optional;

/** One virtual server with its real servers. */
public record VsState(VirtualServerConfig config, boolean quorumUp, List<RsState> realServers) {
    public VsState {
        realServers = List.copyOf(realServers);
    }

    /** The weight of all live real servers. */
    public long liveWeight() {
        return realServers.stream()
                .filter(RsState::alive)
                .mapToLong(rs -> rs.config().weight())
                .sum();
    }

    public Optional<RsState> realServer(RsId id) {
        return realServers.stream().filter(rs -> rs.config().id().equals(id)).findFirst();
    }

    public Optional<CheckState> check(CheckId id) {
        return realServer(id.rs()).flatMap(rs -> rs.check(id));
    }

    public VsState with(RsId id, CheckState changed) {
        return new VsState(
                config,
                quorumUp,
                realServers.stream()
                        .map(rs -> rs.config().id().equals(id) ? rs.with(changed) : rs)
                        .toList());
    }

    public VsState withQuorum(boolean up) {
        return up == quorumUp ? this : new VsState(config, up, realServers);
    }
}
