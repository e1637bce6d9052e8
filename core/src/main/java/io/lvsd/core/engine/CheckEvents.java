package io.lvsd.core.engine;

import io.lvsd.checkers.health.AgentWeight;
import io.lvsd.checkers.health.HealthPolicy;
import io.lvsd.checkers.health.HealthState;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.core.model.CheckState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The events of one probe result: its check begins to fail, goes down or comes up, and its real server with it.
 *
 * @param before the check before the result
 * @param after the check after it
 * @param health what the result made of it
 * @param realServerTurned whether the real server came up or went down
 * @param table what is done in the table
 * @param at when the present state of the check began, in monotonic nanoseconds
 * @param lasted how long the former state of the check, or of the real server if that turned, has lasted, in nanoseconds
 */
record CheckEvents(
        CheckState before,
        CheckState after,
        HealthPolicy.Step health,
        ProbeReport report,
        boolean realServerTurned,
        TableEffect table,
        long at,
        long lasted) {
    /**
     * What is done in the table.
     *
     * @param shadow whether the table is never written
     * @param change as {@link io.lvsd.core.plan.TableChange} has it
     */
    record TableEffect(boolean shadow, String change) {}

    /** In order; none for most results. */
    List<Effect> effects() {
        List<Effect> effects = new ArrayList<>();
        inconclusive(effects);
        if (health.report() == HealthPolicy.Report.TOLERATED) {
            tolerated(effects);
        }
        if (isReported()) {
            effects.add(new Effect.SaveResult(before.id(), after.up(), reason(), at));
            effects.add(after.up() ? up() : down());
        }
        return effects;
    }

    /** The probes decided the state, or the reply of the server's agent changed it. */
    private boolean isReported() {
        return switch (health.report()) {
            case UP, DOWN -> true;
            case NONE, TOLERATED -> before.up() != after.up();
        };
    }

    /** Reported when its cause is not that of the probe before. */
    private void inconclusive(List<Effect> effects) {
        if (report.result() instanceof ProbeResult.Inconclusive(var cause)
                && before.last().filter(report.result()::equals).isEmpty()) {
            effects.add(publish(fields().with("reason", cause), Level.WARN, "probe.inconclusive"));
        }
    }

    private EventFields fields() {
        return new EventFields().check(before.id());
    }

    private static Effect publish(EventFields fields, Level level, String name) {
        return new Effect.Publish(fields.event(level, name));
    }

    /** The first failure of a series is always reported, further ones with {@code log_all_failures}. */
    private void tolerated(List<Effect> effects) {
        if (!(report.result() instanceof Failed failed)) {
            return;
        }
        long number = failures();
        if (number > 1 && !before.config().logAllFailures()) {
            return;
        }
        EventFields fields =
                fields().with("n", number).with("of", before.config().timing().retry() + 1);
        effects.add(publish(reason(fields, failed), Level.INFO, number == 1 ? "check.failing" : "probe.failed"));
    }

    /** How many probes in a row have failed, with this one. A check without a result begins with its retries used up. */
    private long failures() {
        HealthState state = before.health();
        long unused = state.hasRun()
                ? 0
                : HealthPolicy.presumed(before.config(), state.up()).tolerated();
        return Math.max(0, state.tolerated() - unused) + 1;
    }

    /** Why the check is down, as in the log; empty if it is up. */
    private String reason() {
        return report.result() instanceof Failed failed
                ? failed.reason().toString()
                : after.agentWeight().outage().map(Object::toString).orElse("");
    }

    private EventFields reason(EventFields fields, Failed failed) {
        fields.with("reason", failed.reason()).withText("url", url());
        return failed.expected().isEmpty()
                ? fields.withText("detail", failed.detail())
                : fields.with("expected", failed.expected()).with("got", failed.got());
    }

    /** The path of the probe, of an HTTP check. */
    private String url() {
        return before.config().spec() instanceof HttpCheck http
                ? http.urls()
                        .get(HealthPolicy.nextUrl(before.config(), before.health()))
                        .path()
                : "";
    }

    private Effect down() {
        EventFields fields = from(fields());
        Optional<AgentWeight.Outage> agent = after.agentWeight().outage();
        if (report.result() instanceof Failed failed) {
            reason(fields, failed).with("failures", failures());
        } else if (agent.isPresent()) {
            fields.with("reason", agent.get()).with("got", agent.get().reply());
        }
        fields.with("duration", EventFields.seconds(report.duration().toNanos()));
        return realServerTurned
                ? publish(table(fields), Level.WARN, "rs.down")
                : publish(fields, Level.WARN, "check.down");
    }

    private Effect up() {
        EventFields fields = from(fields());
        if (before.health().hasRun()) {
            fields.with("down_for", EventFields.seconds(lasted));
        }
        return realServerTurned ? publish(table(fields), Level.INFO, "rs.up") : publish(fields, Level.INFO, "check.up");
    }

    /** The first result has no state before it. */
    private EventFields from(EventFields fields) {
        return before.health().hasRun() ? fields : fields.with("from", "unknown");
    }

    private EventFields table(EventFields fields) {
        return fields.with(table.shadow() ? "wanted" : "table", table.change());
    }
}
