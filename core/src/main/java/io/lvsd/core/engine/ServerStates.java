package io.lvsd.core.engine;

import io.lvsd.checkers.health.HealthPolicy;
import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.engine.StoredResults.Former;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.Quorum;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Creates the state of virtual servers: from the configuration and the table at start, from the former state at a reload. */
final class ServerStates {
    private ServerStates() {}

    /** Whether a check without a trusted result is presumed to be up. */
    interface Presumption {
        boolean up(RealServerConfig server, CheckConfig check);
    }

    static VsState fresh(VirtualServerConfig config, Map<CheckId, Former> trusted, Presumption presumption) {
        List<RsState> servers = new ArrayList<>();
        for (RealServerConfig rs : config.realServers()) {
            List<CheckState> checks = ids(config, rs).stream()
                    .map(c -> {
                        Former known = trusted.get(c.id());
                        return known != null
                                ? FormerStates.check(c.id(), c.config(), known)
                                : CheckState.of(
                                        c.id(),
                                        c.config(),
                                        HealthPolicy.presumed(c.config(), presumption.up(rs, c.config())));
                    })
                    .toList();
            servers.add(new RsState(rs, checks));
        }
        return new VsState(config, false, servers);
    }

    /** A virtual server at start: a service that is in the table already is taken over until probes decide otherwise. */
    static VsState atStart(
            VirtualServerConfig server, Event.Started event, Map<ServiceKey, IpvsDestination> sorryDestinations) {
        Map<ServiceKey, ServiceState> present = event.table().services();
        Optional<ServiceState> adopted = Translation.keys(server).stream()
                .flatMap(k -> Optional.ofNullable(present.get(k)).stream())
                .findFirst();
        if (adopted.isEmpty()) {
            return fresh(server, event.trusted().checks(), (_, check) -> unlessAlpha(check));
        }
        ServiceKey key = adopted.get().config().key();
        Map<DestinationKey, DestinationState> destinations = adopted.get().destinations();
        if (MaintenanceStep.mayReplace(server, event) && !hasRealServer(server, key, destinations)) {
            // That the sorry server is in use instead does not mean that real servers are down.
            VsState state = fresh(server, event.trusted().checks(), (_, check) -> unlessAlpha(check));
            return state.withQuorum(Quorum.next(true, state.liveWeight(), server.quorum(), server.hysteresis()));
        }
        VsState state = fresh(server, event.trusted().checks(), (rs, _) -> {
            DestinationState found = destinations.get(DesiredState.key(key, rs));
            return found != null && (found.config().usable() || rs.weight() == 0);
        });
        IpvsDestination sorry = sorryDestinations.get(key);
        boolean sorryInUse = sorry != null
                && Optional.ofNullable(destinations.get(sorry.key()))
                        .filter(d -> d.config().usable())
                        .isPresent()
                && !isRealServer(server, key, sorry);
        long live = state.liveWeight();
        return state.withQuorum(!sorryInUse && Quorum.next(true, live, server.quorum(), server.hysteresis()));
    }

    private static boolean hasRealServer(
            VirtualServerConfig server, ServiceKey key, Map<DestinationKey, DestinationState> destinations) {
        return server.realServers().stream()
                .map(rs -> destinations.get(DesiredState.key(key, rs)))
                .anyMatch(found -> found != null && found.config().usable());
    }

    private static boolean isRealServer(VirtualServerConfig server, ServiceKey key, IpvsDestination destination) {
        return server.realServers().stream()
                .anyMatch(rs -> DesiredState.key(key, rs).equals(destination.key()));
    }

    /** A check of a server that was not in the table is presumed to be up, unless it is alpha. */
    static boolean unlessAlpha(CheckConfig check) {
        return !check.alpha();
    }

    /**
     * The same virtual server under another configuration: equal checks keep their state. A check that is new on a
     * server that was down must pass once before the server is up. Retained servers come after the configured ones.
     *
     * @param now monotonic nanoseconds
     */
    static VsState reloaded(VirtualServerConfig config, VsState before, long now) {
        if (!before.retains()
                && haveSameIds(config.realServers(), before.config().realServers())) {
            return reloaded(config, before);
        }
        List<RsState> servers = new ArrayList<>();
        for (RealServerConfig rs : config.realServers()) {
            Optional<RsState> known = before.realServer(rs.id());
            if (known.isPresent()
                    && known.get().config().equals(rs)
                    && !known.get().isRetained()) {
                servers.add(known.get());
                continue;
            }
            servers.add(known.map(k -> reloaded(config, rs, k))
                    .orElseGet(() -> new RsState(rs, checks(config, rs, Optional.empty()))));
        }
        servers.addAll(Retention.of(config, List.copyOf(servers), before, now));
        return new VsState(config, before.quorumUp(), before.maintenance(), servers);
    }

    private static boolean haveSameIds(List<RealServerConfig> one, List<RealServerConfig> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (!one.get(i).id().equals(other.get(i).id())) {
                return false;
            }
        }
        return true;
    }

    /** The same with the same real servers, of which few differ: nothing is added, so nothing is retained. */
    @SuppressWarnings("ReferenceEquality") // what a load did not change is mostly the same object
    private static VsState reloaded(VirtualServerConfig config, VsState before) {
        VsState next = before.with(config);
        Iterator<RsState> known = before.realServers().iterator();
        for (RealServerConfig rs : config.realServers()) {
            RsState was = known.next();
            RealServerConfig former = was.config();
            // Mostly the weight, which is compared much faster than everything.
            if (former != rs && (former.weight() != rs.weight() || !former.equals(rs))) {
                next = next.with(rs.id(), state -> reloaded(config, rs, state));
            }
        }
        return next;
    }

    private static RsState reloaded(VirtualServerConfig config, RealServerConfig rs, RsState known) {
        boolean same = known.config().checks().equals(rs.checks());
        List<CheckState> checks = same ? known.checks() : checks(config, rs, Optional.of(known));
        return new RsState(rs, checks).with(known.override()).with(known.ramp());
    }

    private static List<CheckState> checks(VirtualServerConfig vs, RealServerConfig rs, Optional<RsState> known) {
        return ids(vs, rs).stream()
                .map(c -> known.flatMap(k -> k.check(c.id()))
                        .map(k -> k.withConfig(c.config()))
                        .orElseGet(() -> {
                            boolean up = known.map(RsState::alive).orElse(unlessAlpha(c.config()));
                            return CheckState.of(c.id(), c.config(), HealthPolicy.presumed(c.config(), up));
                        }))
                .toList();
    }

    private record Identified(CheckId id, CheckConfig config) {}

    private static List<Identified> ids(VirtualServerConfig vs, RealServerConfig rs) {
        Map<CheckId, Integer> seen = new HashMap<>();
        List<Identified> ids = new ArrayList<>();
        for (CheckConfig check : rs.checks()) {
            CheckId first = CheckId.of(vs.id(), rs.id(), check);
            int ordinal = seen.merge(first, 1, Integer::sum) - 1;
            ids.add(new Identified(first.withOrdinal(ordinal), check));
        }
        return ids;
    }
}
