package io.lvsd.core.engine;

import io.lvsd.checkers.health.HealthPolicy;
import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.PrintableText;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import java.util.List;
import java.util.Locale;

/** Says what one step changed, in the words of the log. */
final class LogEvents {
    private final List<Effect> effects;

    LogEvents(List<Effect> effects) {
        this.effects = effects;
    }

    void publish(Level level, String name, Object... fields) {
        effects.add(new Effect.Publish(DaemonEvent.of(level, name, fields)));
    }

    /** What an outcome came to, for one check and for its server. */
    void checked(CheckState before, HealthPolicy.Step step, ProbeResult outcome, VsState was, VsState is) {
        CheckId id = before.id();
        if (outcome instanceof ProbeResult.Inconclusive(var cause)
                && before.last().filter(outcome::equals).isEmpty()) {
            about(Level.WARN, "probe.inconclusive", id, "reason", cause);
        }
        switch (step.report()) {
            case NONE -> {}
            case BORNE -> {
                if (before.config().logAllFailures() && outcome instanceof ProbeResult.Failed(var reason, var detail)) {
                    about(Level.INFO, "probe.failed", id, "reason", reason, "detail", detail);
                }
            }
            case UP, DOWN -> {
                boolean up = step.state().up();
                effects.add(new Effect.SaveVerdict(id, up));
                about(
                        up ? Level.INFO : Level.WARN,
                        isAlive(was, id) == isAlive(is, id) ? "rs.check" : "rs.health",
                        id,
                        "from",
                        before.health().hasRun() ? word(before.up()) : "unknown",
                        "to",
                        word(up),
                        "reason",
                        outcome instanceof ProbeResult.Failed(var why, var detail)
                                ? PrintableText.of(why + ": " + detail)
                                : "passed");
            }
        }
    }

    private void about(Level level, String name, CheckId id, Object... fields) {
        Object[] all = new Object[fields.length + 6];
        System.arraycopy(new Object[] {"vs", id.vs(), "rs", id.rs(), "check", id.kind()}, 0, all, 0, 6);
        System.arraycopy(fields, 0, all, 6, fields.length);
        publish(level, name, all);
    }

    private static boolean isAlive(VsState server, CheckId id) {
        return server.realServer(id.rs()).map(RsState::alive).orElse(false);
    }

    private static String word(boolean up) {
        return up ? "healthy" : "unhealthy";
    }

    /** What a server's checks made of its weight and of its own wish to be in. */
    void wished(CheckState before, CheckState after, RsState was, RsState is) {
        CheckId id = after.id();
        if (was.weight() != is.weight()) {
            publish(Level.INFO, "rs.weight", "vs", id.vs(), "rs", id.rs(), "from", was.weight(), "to", is.weight());
        }
        boolean out = after.share().out();
        if (out != before.share().out()) {
            publish(out ? Level.WARN : Level.INFO, "rs.wish", "vs", id.vs(), "rs", id.rs(), "to", out ? "out" : "in");
        }
    }

    /** A reload changed the state of a real server: it removed the failed checks, or added one that has not passed yet. */
    void reloaded(VirtualServerConfig server, RsState is) {
        publish(
                Level.INFO,
                "rs.health",
                "vs",
                server.id(),
                "rs",
                is.config().id(),
                "from",
                word(!is.alive()),
                "to",
                word(is.alive()),
                "reason",
                is.alive()
                        ? "the reload removed the failed checks"
                        : "a check of the new configuration has not passed yet");
    }

    void overridden(RsRef server, RsOverride said) {
        publish(
                Level.INFO,
                "rs.override",
                "vs",
                server.vs(),
                "rs",
                server.rs(),
                "mode",
                said.mode().name().toLowerCase(Locale.ROOT),
                "weight",
                said.weight().map(String::valueOf).orElse("auto"));
    }

    void quorum(VsState server, boolean up) {
        VirtualServerConfig conf = server.config();
        publish(
                up ? Level.INFO : Level.WARN,
                "vs.quorum",
                "vs",
                conf.id(),
                "to",
                up ? "up" : "down",
                "live_weight",
                server.liveWeight(),
                "quorum",
                conf.quorum(),
                "hysteresis",
                conf.hysteresis(),
                "sorry",
                conf.sorry().map(s -> s.id().toString()).orElse("none"));
    }

    void panic(VsState server, boolean on) {
        publish(
                on ? Level.ERROR : Level.INFO,
                "vs.panic",
                "vs",
                server.config().id(),
                "to",
                on ? "on" : "off",
                "live_weight",
                server.liveWeight(),
                "threshold",
                server.config().panicThreshold() + "%",
                "effect",
                on ? "servers that fail their checks take connections" : "only live servers take connections");
    }
}
