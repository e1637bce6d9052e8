package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.schedule.ProbeScheduler;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.UnusableCheck;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.Translation;
import io.lvsd.core.plan.UnansweredTraffic;
import io.lvsd.ipvs.model.ServiceKey;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which checks are active: all that are configured, except those of a virtual server whose addresses are on another host. */
final class CheckActivation {
    private final List<Effect> effects;
    private final LogEvents log;

    CheckActivation(List<Effect> effects, LogEvents log) {
        this.effects = effects;
        this.log = log;
    }

    /** Whether the checks of a virtual server are suspended, as none of its addresses is on this host. */
    static boolean isSuspended(VirtualServerConfig server, HostFacts host) {
        return server.haSuspend()
                && server.targets().stream()
                        .noneMatch(t -> t instanceof Target.Address(var address, int _)
                                && host.addresses().contains(address));
    }

    static Set<CheckId> ids(Collection<VsState> servers) {
        Set<CheckId> ids = new LinkedHashSet<>();
        servers.forEach(vs -> vs.realServers().forEach(rs -> rs.checks().forEach(c -> ids.add(c.id()))));
        return ids;
    }

    /**
     * The checks of some virtual servers, except those that are the same in another state.
     *
     * @param others that state
     */
    static Set<CheckId> ids(Collection<VsState> servers, Map<VsId, VsState> others) {
        Set<CheckId> ids = new LinkedHashSet<>();
        for (VsState server : servers) {
            differing(server, others.get(server.config().id()))
                    .forEach(rs -> rs.checks().forEach(c -> ids.add(c.id())));
        }
        return ids;
    }

    /** The real servers of a virtual server whose checks are not the same in another state of it. */
    @SuppressWarnings("ReferenceEquality") // a reload that changes other settings keeps the list of checks
    static List<RsState> differing(VsState server, @Nullable VsState other) {
        return other != null && server.hasServersOf(other)
                ? server.changesTo(other).stream()
                        .filter(change -> change.was().checks() != change.is().checks())
                        .map(VsState.Change::was)
                        .toList()
                : server.realServers();
    }

    /**
     * Begins with the checks of a virtual server.
     *
     * @param running checks that are active already
     */
    void begin(VsState server, HostFacts host, Set<CheckId> running) {
        begin(server, server.realServers(), host, running);
    }

    /** As {@link #begin(VsState, HostFacts, Set)}, for some of its real servers. */
    void begin(VsState server, List<RsState> realServers, HostFacts host, Set<CheckId> running) {
        if (!isSuspended(server.config(), host)) {
            realServers.forEach(rs ->
                    rs.checks().stream().filter(c -> !running.contains(c.id())).forEach(this::first));
        }
    }

    /** Suspends or resumes the checks of a virtual server after a change of addresses or of {@code ha_suspend}. */
    void update(VsState server, boolean wasSuspended, HostFacts host) {
        boolean is = isSuspended(server.config(), host);
        if (is == wasSuspended) {
            return;
        }
        log.suspended(server.config(), is);
        if (is) {
            server.realServers().forEach(rs -> rs.checks().forEach(c -> effects.add(new Effect.SuspendCheck(c.id()))));
        } else {
            begin(server, host, Set.of());
        }
    }

    /** Probes the checks of servers at once that receive connections and send nothing back. */
    void hurry(List<UnansweredTraffic> unanswered, Map<ServiceKey, VsId> owners, Map<VsId, VsState> servers) {
        for (UnansweredTraffic traffic : unanswered) {
            VsId owner = owners.get(traffic.service());
            VsState server = owner == null ? null : servers.get(owner);
            if (server != null && !Translation.isPath(traffic.service())) {
                server.realServers().stream()
                        .filter(rs -> rs.alive()
                                && DesiredState.key(traffic.service(), rs.config())
                                        .equals(traffic.destination()))
                        .forEach(rs -> hurry(server.config(), rs));
            }
        }
    }

    private void hurry(VirtualServerConfig server, RsState rs) {
        log.unanswered(server, rs);
        rs.checks().stream().filter(CheckState::isProbed).forEach(c -> effects.add(new Effect.Hurry(c.id())));
    }

    private void first(CheckState check) {
        if (check.config().spec() instanceof UnusableCheck) {
            return;
        }
        if (check.probeKey().isEmpty()) {
            effects.add(new Effect.Watch(check.id(), check.config().spec()));
            return;
        }
        ProbeKey key = check.probeKey().get();
        Duration warmup = check.config()
                .timing()
                .warmup()
                .map(w -> ProbeScheduler.share(key, w))
                .orElse(Duration.ZERO);
        Optional<InetAddress> host = check.config().spec() instanceof CheckSpec.Remote remote
                ? Optional.of(remote.target().address())
                : Optional.empty();
        effects.add(new Effect.FirstProbe(check.id(), key, host, warmup));
    }
}
