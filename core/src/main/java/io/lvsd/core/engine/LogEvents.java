package io.lvsd.core.engine;

import io.lvsd.checkers.health.HealthPolicy;
import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.PrintableText;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.value.StopMode;
import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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

    // ---- the daemon

    void started(int virtualServers, int adopted) {
        publish(Level.INFO, "daemon.started", "virtual_servers", virtualServers, "adopted", adopted);
    }

    void loaded(int virtualServers, int removed) {
        publish(Level.INFO, "config.loaded", "virtual_servers", virtualServers, "removed", removed);
    }

    void stopping(StopMode mode) {
        publish(Level.INFO, "daemon.stopping", "mode", mode.toString().toLowerCase(Locale.ROOT));
    }

    // ---- checks and real servers

    /** A probe result changed a check, and perhaps its real server. */
    void checked(CheckState before, HealthPolicy.Step health, ProbeResult result, VsState was, VsState is) {
        CheckId id = before.id();
        if (result instanceof ProbeResult.Inconclusive(var cause)
                && before.last().filter(result::equals).isEmpty()) {
            publish(Level.WARN, "probe.inconclusive", about(id, "reason", cause));
        }
        switch (health.report()) {
            case NONE -> {}
            case TOLERATED -> {
                if (before.config().logAllFailures()
                        && result instanceof ProbeResult.Failed(var reason, var detail, var _, var _)) {
                    publish(Level.INFO, "probe.failed", about(id, "reason", reason, "detail", detail));
                }
            }
            case UP, DOWN -> changed(before, health.state().up(), result, isAlive(was, id) != isAlive(is, id));
        }
    }

    private void changed(CheckState before, boolean up, ProbeResult result, boolean realServerChanged) {
        CheckId id = before.id();
        effects.add(new Effect.SaveResult(id, up));
        String name = (realServerChanged ? "rs." : "check.") + word(up);
        String from = before.health().hasRun() ? word(before.up()) : "unknown";
        List<Object> fields = new ArrayList<>(List.of("from", from, "to", word(up), "reason"));
        if (result instanceof ProbeResult.Failed(var reason, var detail, var _, var _)) {
            fields.add(reason);
            if (!detail.isEmpty()) {
                fields.addAll(List.of("detail", PrintableText.of(detail)));
            }
        } else {
            fields.add("passed");
        }
        publish(level(up), name, about(id, fields.toArray()));
    }

    private static Object[] about(CheckId id, Object... fields) {
        List<Object> all = new ArrayList<>(List.of("vs", id.vs(), "rs", id.rs(), "check", id.kind()));
        all.addAll(List.of(fields));
        return all.toArray();
    }

    private static boolean isAlive(VsState server, CheckId id) {
        return server.realServer(id.rs()).map(RsState::alive).orElse(false);
    }

    private static String word(boolean up) {
        return up ? "up" : "down";
    }

    private static Level level(boolean up) {
        return up ? Level.INFO : Level.WARN;
    }

    /** A check changed the weight of its real server, or the server's agent took the server out or in. */
    void agent(CheckState before, CheckState after, RsState was, RsState is) {
        CheckId id = after.id();
        if (was.weight() != is.weight()) {
            publish(Level.INFO, "rs.weight", "vs", id.vs(), "rs", id.rs(), "from", was.weight(), "to", is.weight());
        }
        boolean out = after.agentWeight().isOut();
        if (out != before.agentWeight().isOut()) {
            publish(level(!out), "agent." + word(!out), "vs", id.vs(), "rs", id.rs());
        }
    }

    /** A reload changed the state of a real server: it removed the failed checks, or added one that has not passed yet. */
    void reloaded(VirtualServerConfig server, RsState is) {
        boolean up = is.alive();
        publish(
                Level.INFO,
                "rs." + word(up),
                "vs",
                server.id(),
                "rs",
                is.config().id(),
                "from",
                word(!up),
                "to",
                word(up),
                "reason",
                up ? "the reload removed the failed checks" : "a check of the new configuration has not passed yet");
    }

    void overridden(RsRef server, RsOverride override) {
        publish(
                Level.INFO,
                "rs.override",
                "vs",
                server.vs(),
                "rs",
                server.rs(),
                "mode",
                override.mode().name().toLowerCase(Locale.ROOT),
                "weight",
                override.weight().map(String::valueOf).orElse("auto"));
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

    void quorum(VsState server) {
        VirtualServerConfig config = server.config();
        boolean up = server.quorumUp();
        publish(
                level(up),
                "vs." + word(up),
                "vs",
                config.id(),
                "live_weight",
                server.liveWeight(),
                "quorum",
                config.quorum(),
                "hysteresis",
                config.hysteresis(),
                "sorry",
                config.sorry().map(s -> s.id().toString()).orElse("none"));
    }

    /** @param destination of the sorry server in the table */
    void sorry(VsState server, ServiceKey service, IpvsDestination destination, boolean on) {
        publish(
                on ? Level.WARN : Level.INFO,
                on ? "sorry.on" : "sorry.off",
                "vs",
                server.config().id(),
                "service",
                service,
                "sorry",
                server.config().sorry().map(s -> s.id().toString()).orElse("none"),
                "programmed",
                destination.key());
    }

    void panic(VsState server, boolean on) {
        publish(
                on ? Level.ERROR : Level.INFO,
                on ? "panic.on" : "panic.off",
                "vs",
                server.config().id(),
                "live_weight",
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
