package io.lvsd.core.model;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VirtualServerConfig;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/** One virtual server with its real servers, in their configured order. Shares structure with the state before. */
public final class VsState {
    private static final long PERCENT = 100;

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

    /** The configured real servers in their order, then the retained ones. */
    public List<RsState> realServers() {
        return servers;
    }

    /** The total weight of the real servers that are alive and neither drained nor disabled. */
    public long liveWeight() {
        return servers.stream().mapToLong(RsState::effectiveWeight).sum();
    }

    /**
     * Whether so few real servers are alive that the failed ones stay in the table, so that the rest is not overloaded. Not
     * while the sorry server is in use. Servers without a result, drained and disabled ones do not count.
     */
    public boolean panics() {
        if (config.panicThreshold() == 0 || !quorumUp && config.sorry().isPresent()) {
            return false;
        }
        long counted = 0;
        long live = 0;
        for (RsState rs : servers) {
            if (mayPanic(rs)) {
                counted++;
                live += rs.alive() ? 1 : 0;
            }
        }
        return live * PERCENT < counted * config.panicThreshold();
    }

    /** Whether a failed server stays in the table during a panic. */
    public static boolean mayPanic(RsState rs) {
        return rs.override().mode() == RsOverride.Mode.ENABLED && (rs.alive() || rs.known());
    }

    /**
     * Whether a change takes the last real server out that receives connections.
     *
     * @param changed one of the real servers, as it would be
     */
    public boolean losesLastLive(RsState changed) {
        RsId id = changed.config().id();
        return realServer(id).filter(VsState::isLive).isPresent()
                && !isLive(changed)
                && servers.stream().noneMatch(rs -> !rs.config().id().equals(id) && isLive(rs));
    }

    private static boolean isLive(RsState rs) {
        return rs.serving() && rs.weight() > 0;
    }

    public Optional<RsState> realServer(RsId id) {
        Integer place = places.get(id);
        return place == null ? Optional.empty() : Optional.of(servers.get(place));
    }

    public Optional<CheckState> check(CheckId id) {
        return realServer(id.rs()).flatMap(rs -> rs.check(id));
    }

    public VsState with(RsId id, CheckState changed) {
        return with(id, rs -> rs.with(changed));
    }

    /** With one of its real servers changed; returns this object if it has no such server. */
    public VsState with(RsId id, UnaryOperator<RsState> change) {
        Integer place = places.get(id);
        return place == null
                ? this
                : new VsState(config, quorumUp, servers.with(place, change.apply(servers.get(place))), places);
    }

    /** Without some of its real servers. */
    public VsState without(Collection<RsState> removed) {
        return new VsState(
                config,
                quorumUp,
                servers.stream().filter(rs -> !removed.contains(rs)).toList());
    }

    public VsState withQuorum(boolean up) {
        return up == quorumUp ? this : new VsState(config, up, servers, places);
    }
}
