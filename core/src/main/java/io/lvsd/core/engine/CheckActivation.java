package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.schedule.ProbeScheduler;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.UnusableCheck;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.engine.DaemonEvent.Level;
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
import java.util.Optional;
import java.util.Set;

/** Which checks are asked at all: those that are configured, and not of a virtual server whose address is elsewhere. */
final class CheckActivation {
    private final List<Effect> effects;

    CheckActivation(List<Effect> effects) {
        this.effects = effects;
    }

    /** Whether the checks of a virtual server rest, as none of its addresses is this host's. */
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
     * Begins with the checks of a virtual server.
     *
     * @param running those that are asked already
     */
    void begin(VsState server, HostFacts host, Set<CheckId> running) {
        if (!isSuspended(server.config(), host)) {
            server.realServers()
                    .forEach(rs -> rs.checks().stream()
                            .filter(c -> !running.contains(c.id()))
                            .forEach(this::first));
        }
    }

    /** What a change of addresses, or of what is said about them, means for a virtual server that stays. */
    void judge(VsState server, boolean wasSuspended, HostFacts host) {
        boolean is = isSuspended(server.config(), host);
        if (is == wasSuspended) {
            return;
        }
        effects.add(new Effect.Publish(DaemonEvent.of(
                Level.INFO,
                "vs.suspended",
                "vs",
                server.config().id(),
                "to",
                is ? "on" : "off",
                "reason",
                is ? "no virtual address on this host" : "a virtual address is on this host")));
        if (is) {
            server.realServers().forEach(rs -> rs.checks().forEach(c -> effects.add(new Effect.SuspendCheck(c.id()))));
        } else {
            begin(server, host, Set.of());
        }
    }

    /** Looks earlier at servers that get requests and send nothing back. */
    void look(List<UnansweredTraffic> silent, Collection<VsState> servers) {
        if (silent.isEmpty()) {
            return;
        }
        Set<UnansweredTraffic> all = Set.copyOf(silent);
        for (VsState server : servers) {
            for (ServiceKey key : Translation.keys(server.config())) {
                server.realServers().stream()
                        .filter(rs -> rs.alive()
                                && all.contains(new UnansweredTraffic(key, DesiredState.key(key, rs.config()))))
                        .forEach(rs -> look(server.config(), rs));
            }
        }
    }

    private void look(VirtualServerConfig server, RsState rs) {
        effects.add(new Effect.Publish(DaemonEvent.of(
                Level.INFO,
                "rs.silent",
                "vs",
                server.id(),
                "rs",
                rs.config().id(),
                "reason",
                "it gets connections and nothing comes back",
                "effect",
                "its checks look now")));
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
