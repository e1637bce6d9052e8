package io.lvsd.core.model;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.value.SorryMode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/** One virtual server with its real servers, in their configured order. Shares structure with the state before. */
public final class VsState {
    private static final long PERCENT = 100;

    private final VirtualServerConfig config;
    private final boolean quorumUp;
    private final Optional<Maintenance> maintenance;
    private final PVector<RsState> servers;
    private final Places places;
    private final LiveTotals totals;

    /**
     * Where the real servers are, which the states of one configuration share.
     *
     * @param of index of each real server
     * @param addressesDiffer whether no two real servers have the same address
     */
    private record Places(Map<RsId, Integer> of, boolean addressesDiffer) {
        static Places of(List<RsState> servers) {
            Map<RsId, Integer> places = HashMap.newHashMap(servers.size());
            Set<InetAddress> addresses = HashSet.newHashSet(servers.size());
            for (RsState server : servers) {
                RsId id = server.config().id();
                places.put(id, places.size());
                addresses.add(id.address());
            }
            return new Places(places, addresses.size() == servers.size());
        }
    }

    public VsState(VirtualServerConfig config, boolean quorumUp, List<RsState> servers) {
        this(config, quorumUp, Optional.empty(), servers);
    }

    /** @param maintenance present only with a sorry server */
    public VsState(
            VirtualServerConfig config, boolean quorumUp, Optional<Maintenance> maintenance, List<RsState> servers) {
        this(config, quorumUp, maintenance, TreePVector.from(servers), Places.of(servers), totals(servers));
    }

    private VsState(
            VirtualServerConfig config,
            boolean quorumUp,
            Optional<Maintenance> maintenance,
            PVector<RsState> servers,
            Places places,
            LiveTotals totals) {
        this.config = config;
        this.quorumUp = quorumUp;
        this.maintenance = maintenance;
        this.servers = servers;
        this.places = places;
        this.totals = totals;
    }

    private static LiveTotals totals(List<RsState> servers) {
        LiveTotals totals = LiveTotals.NONE;
        for (RsState server : servers) {
            totals = totals.plus(server);
        }
        return totals;
    }

    public VirtualServerConfig config() {
        return config;
    }

    public boolean quorumUp() {
        return quorumUp;
    }

    /** Planned maintenance; empty: none. */
    public Optional<Maintenance> maintenance() {
        return maintenance;
    }

    /** Whether the sorry server takes the connections if it can be used: the quorum is lost, or there is maintenance. */
    public boolean needsSorry() {
        return config.sorry().isPresent() && (!quorumUp || maintenance.isPresent());
    }

    /** Whether live real servers leave the table while the sorry server is in use. */
    public boolean isReplacedBySorry() {
        return maintenance.isPresent() || config.sorryMode() == SorryMode.REPLACE;
    }

    /** The configured real servers in their order, then the retained ones. */
    public List<RsState> realServers() {
        return servers;
    }

    /** The total weight of the real servers that are alive and neither drained nor disabled. */
    public long liveWeight() {
        return totals.weight();
    }

    /**
     * Whether so few real servers are alive that the failed ones stay in the table, so that the rest is not overloaded. Not
     * while the quorum is lost and there is a sorry server, nor during maintenance. Servers without a result, drained and disabled ones do not count.
     */
    public boolean panics() {
        if (config.panicThreshold() == 0 || needsSorry()) {
            return false;
        }
        return totals.alive() * PERCENT < totals.known() * config.panicThreshold();
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
        boolean receives =
                realServer(changed.config().id()).filter(RsState::receives).isPresent();
        return receives && !changed.receives() && totals.receiving() == 1;
    }

    /** The number of configured real servers of which no check is down. */
    public long aliveCount() {
        return totals.up();
    }

    /** Whether another real server than this one receives connections. */
    public boolean othersReceive(RsState server) {
        return totals.receiving() > (server.receives() ? 1 : 0);
    }

    /** Whether it has real servers that the configuration no longer has. */
    public boolean retains() {
        return totals.retained() > 0;
    }

    /** Whether one of its real servers is in slow start. */
    public boolean isInSlowStart() {
        return totals.ramps() > 0;
    }

    public Optional<RsState> realServer(RsId id) {
        Integer place = places.of().get(id);
        return place == null ? Optional.empty() : Optional.of(servers.get(place));
    }

    /** The real servers with the address of one of them, itself included, in their order. */
    public List<RsState> withAddressOf(RsState server) {
        return places.addressesDiffer()
                ? List.of(server)
                : servers.stream()
                        .filter(rs -> rs.config()
                                .id()
                                .address()
                                .equals(server.config().id().address()))
                        .toList();
    }

    public Optional<CheckState> check(CheckId id) {
        return realServer(id.rs()).flatMap(rs -> rs.check(id));
    }

    public VsState with(RsId id, CheckState changed) {
        return with(id, rs -> rs.with(changed));
    }

    /** With one of its real servers changed; returns this object if it has no such server, or if that stays the same. */
    @SuppressWarnings("ReferenceEquality") // an unchanged state is the same object
    public VsState with(RsId id, UnaryOperator<RsState> change) {
        Integer place = places.of().get(id);
        if (place == null) {
            return this;
        }
        RsState before = servers.get(place);
        RsState after = change.apply(before);
        if (after == before) {
            return this;
        }
        return new VsState(
                config,
                quorumUp,
                maintenance,
                servers.with(place, after),
                places,
                totals.minus(before).plus(after));
    }

    /** With the same real servers under another configuration, whose real servers have the same identities in the same order. */
    public VsState with(VirtualServerConfig other) {
        return new VsState(other, quorumUp, maintenance, servers, places, totals);
    }

    /** Whether both are known to have real servers with the same identities in the same order. */
    @SuppressWarnings("ReferenceEquality") // states share the places as long as these do not change
    public boolean hasServersOf(VsState other) {
        return places == other.places;
    }

    /** The real servers that are not the same objects in a later state, before and after, where {@link #hasServersOf} is true. */
    @SuppressWarnings("ReferenceEquality")
    public List<Change> changesTo(VsState later) {
        List<Change> changes = new ArrayList<>();
        Iterator<RsState> after = later.servers.iterator();
        for (RsState was : servers) {
            RsState is = after.next();
            if (was != is) {
                changes.add(new Change(was, is));
            }
        }
        return changes;
    }

    /** A real server in two states of its virtual server. */
    public record Change(RsState was, RsState is) {}

    /** Without some of its real servers. */
    public VsState without(Collection<RsState> removed) {
        Set<RsId> ids = removed.stream().map(rs -> rs.config().id()).collect(Collectors.toSet());
        return new VsState(
                config,
                quorumUp,
                maintenance,
                servers.stream().filter(rs -> !ids.contains(rs.config().id())).toList());
    }

    public VsState withQuorum(boolean up) {
        return up == quorumUp ? this : new VsState(config, up, maintenance, servers, places, totals);
    }

    public VsState with(Optional<Maintenance> changed) {
        return changed.equals(maintenance) ? this : new VsState(config, quorumUp, changed, servers, places, totals);
    }
}
