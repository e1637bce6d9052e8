package io.lvsd.core.engine;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reports the real servers that a start or a reload adds, changes or removes. A real server is reported before the quorum of
 * its virtual server is evaluated.
 */
final class MembershipEvents {
    private final List<Effect> effects;
    private final LogEvents log;

    MembershipEvents(List<Effect> effects, LogEvents log) {
        this.effects = effects;
        this.log = log;
    }

    /** A virtual server is new: with {@code rs_init_notifies}, its live real servers are reported as up. */
    void added(DaemonConfig config, VsState server) {
        added(config, server, _ -> true);
    }

    private void added(DaemonConfig config, VsState server, Predicate<RsState> which) {
        if (config.notices().initially()) {
            server.realServers().stream()
                    .filter(rs -> rs.alive() && which.test(rs))
                    .forEach(rs -> new KeepalivedNotifications(effects, config)
                            .realServer(server.config(), rs.config(), true));
        }
    }

    /** A reload removed virtual servers and real servers: those that were up are reported as down. */
    void removed(DaemonConfig former, Map<VsId, VsState> before, Map<VsId, VsState> now) {
        KeepalivedNotifications notifications = new KeepalivedNotifications(effects, former);
        for (VirtualServerConfig server : former.virtualServers()) {
            Optional.ofNullable(before.get(server.id())).ifPresent(vs -> notifications.removed(vs, now));
        }
    }

    /** A reload changed the state of real servers that stay, or added some. */
    void changed(DaemonConfig config, Optional<VsState> former, VsState now) {
        for (RsState rs : now.realServers()) {
            Optional<RsState> was = former.flatMap(f -> f.realServer(rs.config().id()));
            if (was.isPresent() && was.get().alive() != rs.alive()) {
                log.reloaded(now.config(), rs);
                new KeepalivedNotifications(effects, config).realServer(now.config(), rs.config(), rs.alive());
            }
        }
        added(
                config,
                now,
                rs -> former.flatMap(f -> f.realServer(rs.config().id())).isEmpty());
    }

    /** Real servers that are no longer configured stay in service. */
    void retained(VsState server, long now) {
        server.realServers().stream()
                .filter(RsState::isRetained)
                .forEach(rs -> log.retained(
                        server.config(),
                        rs,
                        Duration.ofNanos(rs.retainedUntil().getAsLong() - now).toSeconds()));
    }

    /** A retained server is removed. */
    void released(DaemonConfig config, VsState server, RsState rs) {
        log.released(server.config(), rs);
        new KeepalivedNotifications(effects, config).released(server.config(), rs);
    }
}
