package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.value.IpNetwork;
import io.lvsd.conf.value.MaintenanceConfig.Drain;
import io.lvsd.conf.value.StopMode;
import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.core.model.Maintenance;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The log events of the engine. Names are {@code subject.what}; a condition that begins and ends has a pair of names with the
 * same subject: {@code rs.down} and {@code rs.up}, {@code panic.on} and {@code panic.off}.
 */
final class LogEvents {
    private final List<Effect> effects;

    LogEvents(List<Effect> effects) {
        this.effects = effects;
    }

    private void publish(Level level, String name, Object... fields) {
        effects.add(new Effect.Publish(DaemonEvent.of(level, name, fields)));
    }

    private void publish(Level level, String name, EventFields fields) {
        effects.add(new Effect.Publish(fields.event(level, name)));
    }

    // ---- the daemon

    void started(int virtualServers, int adopted) {
        publish(Level.INFO, "daemon.started", "virtual_servers", virtualServers, "adopted", adopted);
    }

    void loaded(int virtualServers, MembershipEvents.Counts counts) {
        EventFields fields = new EventFields()
                .with("virtual_servers", virtualServers)
                .with("added", counts.virtualServersAdded())
                .with("removed", counts.virtualServersRemoved())
                .with("rs_added", counts.realServersAdded())
                .with("rs_removed", counts.realServersRemoved());
        publish(Level.INFO, "config.loaded", fields);
    }

    void stopping(StopMode mode) {
        publish(Level.INFO, "daemon.stopping", "mode", mode.toString().toLowerCase(Locale.ROOT));
    }

    // ---- checks and real servers

    private static String word(boolean up) {
        return up ? "up" : "down";
    }

    private static Level level(boolean up) {
        return up ? Level.INFO : Level.WARN;
    }

    /** A check changed the weight of its real server. */
    void weight(CheckId id, RsState was, RsState is) {
        if (was.weight() != is.weight()) {
            EventFields fields = new EventFields()
                    .with("vs", id.vs())
                    .with("rs", id.rs())
                    .with("from", was.weight())
                    .with("to", is.weight())
                    .with("state", word(is.alive()))
                    .with("reason", id.kind());
            publish(Level.INFO, "rs.weight", fields);
        }
    }

    /**
     * A reload changed the state of a real server: it removed the failed checks, or added one that has not passed yet.
     *
     * @param lasted how long the former state lasted, in nanoseconds
     */
    void reloaded(VirtualServerConfig server, RsState is, long lasted) {
        boolean up = is.alive();
        EventFields fields = about(server, is)
                .with(
                        "reason",
                        up
                                ? "the reload removed the failed checks"
                                : "a check of the new configuration has not passed yet");
        publish(
                Level.INFO,
                up ? "rs.up" : "rs.down",
                up ? fields.with("down_for", EventFields.seconds(lasted)) : fields);
    }

    /** @param user who requested it */
    void overridden(RsRef server, RsOverride override, String user) {
        EventFields fields = new EventFields()
                .with("vs", server.vs())
                .with("rs", server.rs())
                .with("mode", override.mode().name().toLowerCase(Locale.ROOT))
                .with("weight", override.weight().map(String::valueOf).orElse("auto"))
                .with("user", user);
        override.drainTimeout().ifPresent(timeout -> fields.with("timeout", timeout.toSeconds() + "s"));
        publish(Level.INFO, "rs.override", fields);
    }

    private static EventFields about(VirtualServerConfig server, RsState rs) {
        return new EventFields().with("vs", server.id()).with("rs", rs.config().id());
    }

    void retained(VirtualServerConfig server, RsState rs, long seconds) {
        publish(
                Level.INFO,
                "rs.retained",
                "vs",
                server.id(),
                "rs",
                rs.config().id(),
                "reason",
                "no server that the reload added has passed its checks yet",
                "seconds",
                seconds);
    }

    void released(VirtualServerConfig server, RsState rs) {
        publish(Level.INFO, "rs.released", "vs", server.id(), "rs", rs.config().id());
    }

    void unanswered(VirtualServerConfig server, RsState rs) {
        publish(
                Level.INFO,
                "rs.unanswered",
                "vs",
                server.id(),
                "rs",
                rs.config().id(),
                "reason",
                "it receives connections and sends nothing back",
                "effect",
                "its checks are probed now");
    }

    // ---- virtual servers

    /**
     * The quorum was gained or lost.
     *
     * @param from {@code stored} or {@code unknown} at start; otherwise empty
     * @param lasted how long the former state lasted, in nanoseconds; empty at start, which has none
     */
    void quorum(VsState server, String from, OptionalLong lasted) {
        VirtualServerConfig config = server.config();
        boolean up = server.quorumUp();
        EventFields fields = new EventFields().with("vs", config.id()).withText("from", from);
        fields.with("live", server.liveWeight())
                .with("needed", config.quorum() + config.hysteresis())
                .with("quorum", config.quorum())
                .with("hysteresis", config.hysteresis());
        if (up && lasted.isPresent()) {
            fields.with("down_for", EventFields.seconds(lasted.getAsLong()));
        }
        if (!up) {
            fields.with("sorry", sorry(config));
        }
        publish(level(up), up ? "vs.up" : "vs.down", fields);
    }

    private static String sorry(VirtualServerConfig server) {
        return server.sorry().map(s -> s.id().toString()).orElse("none");
    }

    /**
     * The sorry server of a service is in use, or no longer.
     *
     * @param destination of the sorry server in the table
     * @param lasted how long it was in use, in nanoseconds
     */
    void sorry(VsState server, ServiceKey service, IpvsDestination destination, boolean on, long lasted) {
        VirtualServerConfig config = server.config();
        EventFields fields = new EventFields()
                .with("vs", config.id())
                .with("service", service)
                .with("sorry", sorry(config))
                .with("programmed", destination.key());
        publish(
                on && server.maintenance().isEmpty() ? Level.WARN : Level.INFO,
                on ? "sorry.on" : "sorry.off",
                on ? fields : fields.with("active_for", EventFields.seconds(lasted)));
    }

    /**
     * Maintenance begins, continues after a restart, or has other settings.
     *
     * @param stored whether an earlier run began it
     * @param user who requested it; empty: the configuration, or an earlier run
     */
    void maintenanceOn(VirtualServerConfig server, Maintenance maintenance, boolean stored, String user) {
        EventFields fields = new EventFields()
                .with("vs", server.id())
                .withText("from", stored ? "stored" : "")
                .with("source", word(maintenance.source()))
                .withText("user", user)
                .withText("until", maintenance.until().map(Instant::toString).orElse(""))
                .withText(
                        "allow",
                        maintenance.allow().stream().map(IpNetwork::toString).collect(Collectors.joining(",")))
                .withText("drain", maintenance.drain().map(LogEvents::text).orElse(""))
                .withText("message", maintenance.message());
        publish(Level.INFO, "maintenance.on", fields);
    }

    /**
     * Maintenance has ended.
     *
     * @param user who ended it; empty: no user
     */
    void maintenanceOff(
            VirtualServerConfig server, Maintenance maintenance, MaintenanceStep.End reason, Instant now, String user) {
        EventFields fields = new EventFields()
                .with("vs", server.id())
                .with("reason", word(reason))
                .withText("user", user)
                .with("for", seconds(Duration.between(maintenance.since(), now)));
        publish(Level.INFO, "maintenance.off", fields);
    }

    private static String text(Drain drain) {
        return drain.limit().map(LogEvents::seconds).orElse("unlimited");
    }

    private static String seconds(Duration duration) {
        return EventFields.seconds(duration.toNanos());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    void panic(VsState server, boolean on) {
        publish(
                on ? Level.ERROR : Level.INFO,
                on ? "panic.on" : "panic.off",
                "vs",
                server.config().id(),
                "live",
                server.liveWeight(),
                "threshold",
                server.config().panicThreshold() + "%",
                "effect",
                on ? "servers that fail their checks receive connections" : "only live servers receive connections");
    }

    void suspended(VirtualServerConfig server, boolean suspended) {
        publish(
                Level.INFO,
                suspended ? "vs.suspended" : "vs.resumed",
                "vs",
                server.id(),
                "reason",
                suspended ? "no virtual address is on this host" : "a virtual address is on this host");
    }
}
