package io.lvsd.core.engine;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.core.engine.StateChanges.Change;
import io.lvsd.core.model.RsRef;
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
    private final StepBuilder step;
    private int virtualServersAdded;
    private int virtualServersRemoved;
    private int realServersAdded;
    private int realServersRemoved;

    /** What a reload added and removed. */
    record Counts(int virtualServersAdded, int virtualServersRemoved, int realServersAdded, int realServersRemoved) {
        static final Counts NONE = new Counts(0, 0, 0, 0);
    }

    MembershipEvents(StepBuilder step) {
        this.step = step;
    }

    Counts counts() {
        return new Counts(virtualServersAdded, virtualServersRemoved, realServersAdded, realServersRemoved);
    }

    private void log(Level level, String name, EventFields fields) {
        step.effects.add(new Effect.Publish(fields.event(level, name)));
    }

    private static EventFields about(VirtualServerConfig server, RsId rs) {
        return new EventFields().with("vs", server.id()).with("rs", rs);
    }

    private static String state(RsState rs) {
        return !rs.known() ? "unknown" : rs.alive() ? "up" : "down";
    }

    /** A virtual server is new: with {@code rs_init_notifies}, its live real servers are reported as up. */
    void added(DaemonConfig config, VsState server) {
        added(config, server, _ -> true);
    }

    private void added(DaemonConfig config, VsState server, Predicate<RsState> which) {
        if (config.notices().initially()) {
            server.realServers().stream()
                    .filter(rs -> rs.alive() && which.test(rs))
                    .forEach(rs ->
                            new KeepalivedNotifications(step.effects, config).realServer(server, rs.config(), true));
        }
    }

    /**
     * A reload removed virtual servers and real servers: those that were up are notified as down.
     *
     * @param before virtual servers that were removed or changed
     */
    void removed(DaemonConfig former, List<VsState> before, Map<VsId, VsState> now) {
        KeepalivedNotifications notifications = new KeepalivedNotifications(step.effects, former);
        for (VsState vs : before) {
            VsState next = now.get(vs.config().id());
            if (next != null && next.hasServersOf(vs)) {
                continue;
            }
            removed(vs, Optional.ofNullable(next));
            notifications.removed(vs, now);
        }
    }

    private void removed(VsState former, Optional<VsState> now) {
        for (RsState rs : former.realServers()) {
            if (now.flatMap(n -> n.realServer(rs.config().id())).isEmpty()) {
                realServersRemoved++;
                EventFields fields = about(former.config(), rs.config().id()).with("state", state(rs));
                log(Level.INFO, "rs.removed", fields);
            }
        }
        if (now.isEmpty()) {
            virtualServersRemoved++;
            EventFields fields =
                    new EventFields().with("vs", former.config().id()).with("state", former.quorumUp() ? "up" : "down");
            log(Level.INFO, "vs.removed", fields);
        }
    }

    /** A reload changed the state of real servers that stay, or added some. */
    void changed(DaemonConfig config, Optional<VsState> former, VsState now) {
        if (former.isEmpty()) {
            virtualServersAdded++;
            EventFields fields = new EventFields()
                    .with("vs", now.config().id())
                    .with("real_servers", now.realServers().size());
            log(Level.INFO, "vs.added", fields);
        }
        if (former.isPresent() && now.hasServersOf(former.get())) {
            former.get().changesTo(now).forEach(change -> changed(config, now, change.was(), change.is()));
            return;
        }
        for (RsState rs : now.realServers()) {
            Optional<RsState> was = former.flatMap(f -> f.realServer(rs.config().id()));
            if (was.isEmpty()) {
                realServersAdded++;
                EventFields fields = about(now.config(), rs.config().id())
                        .with("weight", rs.config().weight());
                log(Level.INFO, "rs.added", fields);
            } else {
                changed(config, now, was.get(), rs);
            }
        }
        added(
                config,
                now,
                rs -> former.flatMap(f -> f.realServer(rs.config().id())).isEmpty());
    }

    private void changed(DaemonConfig config, VsState server, RsState was, RsState is) {
        RsId id = is.config().id();
        if (was.config().weight() != is.config().weight()) {
            EventFields fields = about(server.config(), id)
                    .with("from", was.config().weight())
                    .with("to", is.config().weight())
                    .with("state", state(is))
                    .with("reason", "reload");
            log(Level.INFO, "rs.weight", fields);
        }
        if (was.alive() != is.alive()) {
            Change change = step.before
                    .changes()
                    .realServers()
                    .get(new RsRef(server.config().id(), id));
            step.log.reloaded(server.config(), is, change == null ? 0 : step.now - change.at());
            new KeepalivedNotifications(step.effects, config).realServer(server, is.config(), is.alive());
        }
    }

    /** Real servers that are no longer configured stay in service. */
    void retained(VsState server, long now) {
        if (!server.retains()) {
            return;
        }
        server.realServers().stream()
                .filter(RsState::isRetained)
                .forEach(rs -> step.log.retained(
                        server.config(),
                        rs,
                        Duration.ofNanos(rs.retainedUntil().getAsLong() - now).toSeconds()));
    }

    /** A retained server is removed. */
    void released(DaemonConfig config, VsState server, RsState rs) {
        step.log.released(server.config(), rs);
        new KeepalivedNotifications(step.effects, config).released(server, rs);
    }
}
