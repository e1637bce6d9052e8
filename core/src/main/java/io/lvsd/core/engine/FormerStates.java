package io.lvsd.core.engine;

import io.lvsd.checkers.health.AgentWeight;
import io.lvsd.checkers.health.AgentWeight.Outage;
import io.lvsd.checkers.health.HealthState;
import io.lvsd.checkers.probe.AgentReply.Mode;
import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.core.engine.StoredResults.Former;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a start takes over from an earlier run: the states of checks, their times and their reasons. Pure. */
final class FormerStates {
    /** Reason of a check that is down for a stored reason that this version does not have. */
    private static final String STORED_RESULT = "stored_result";

    private FormerStates() {}

    /** A check with the state of an earlier run. A server that its agent took out remains out until its agent replies. */
    static CheckState check(CheckId id, CheckConfig config, Former former) {
        Optional<Outage> outage = config.smoothing().isEmpty()
                ? Optional.empty()
                : Arrays.stream(Outage.values())
                        .filter(o -> o.toString().equals(former.reason()))
                        .findFirst();
        CheckState bare = CheckState.of(id, config, HealthState.trusted(former.up() || outage.isPresent()));
        if (outage.isPresent()) {
            return bare.with(
                    outage.get() == Outage.AGENT_DOWN
                            ? new AgentWeight(AgentWeight.FULL.percent(), Mode.READY, false)
                            : new AgentWeight(AgentWeight.FULL.percent(), Mode.MAINT, true));
        }
        Optional<ProbeResult> failure = Arrays.stream(Reason.values())
                .filter(r -> !former.up() && r.toString().equals(former.reason()))
                .findFirst()
                .map(r -> new Failed(r, "before the restart"));
        return failure.map(bare::with).orElse(bare);
    }

    /** With the times of the states that continue, of the checks and the real servers of a virtual server. */
    static StateChanges changes(StateChanges changes, VsState server, Map<CheckId, Former> former, long now) {
        StateChanges next = changes;
        for (RsState rs : server.realServers()) {
            for (CheckState check : rs.checks()) {
                OptionalLong at = since(check, former, now);
                next = at.isPresent() ? next.since(check.id(), at.getAsLong()) : next;
            }
            OptionalLong at = since(rs, former, now);
            RsRef ref = new RsRef(server.config().id(), rs.config().id());
            next = at.isPresent() ? next.since(ref, at.getAsLong()) : next;
        }
        return next;
    }

    /** Since when a check has its state; empty if that began with this run. */
    private static OptionalLong since(CheckState check, Map<CheckId, Former> former, long now) {
        Former state = former.get(check.id());
        return state != null && state.up() == check.up()
                ? OptionalLong.of(now - state.age().toNanos())
                : OptionalLong.empty();
    }

    /** A server is down since its first check is down, and up since its last check is up. */
    private static OptionalLong since(RsState rs, Map<CheckId, Former> former, long now) {
        List<Long> ages = new ArrayList<>();
        for (CheckState check : rs.checks()) {
            if (check.up() == rs.alive()) {
                OptionalLong at = since(check, former, now);
                if (at.isEmpty()) {
                    return at;
                }
                ages.add(now - at.getAsLong());
            }
        }
        if (ages.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(now - (rs.alive() ? Collections.min(ages) : Collections.max(ages)));
    }

    /** Reports the checks that are down because of a stored state: the first one of a server as the server's. */
    static void report(List<Effect> effects, VsState server, Map<CheckId, Former> former) {
        for (RsState rs : server.realServers()) {
            boolean reported = false;
            for (CheckState check : rs.checks()) {
                Former state = former.get(check.id());
                if (state != null && !state.up() && !check.up()) {
                    EventFields fields = new EventFields()
                            .check(check.id())
                            .with("from", "stored")
                            .with("reason", state.reason().isEmpty() ? STORED_RESULT : state.reason())
                            .with("down_for", EventFields.seconds(state.age().toNanos()));
                    effects.add(new Effect.Publish(fields.event(Level.WARN, reported ? "check.down" : "rs.down")));
                    reported = true;
                }
            }
        }
    }
}
