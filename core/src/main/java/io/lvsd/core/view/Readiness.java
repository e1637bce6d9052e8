package io.lvsd.core.view;

import io.lvsd.core.engine.Engine;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.engine.TableState;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.view.HealthReport.Condition;
import java.time.Duration;
import java.util.Locale;

/** Whether the table is what configuration and checks want. Pure. */
public final class Readiness {
    /** A command that the kernel has not answered for so long is a mismatch. */
    private static final Duration BUSY_LIMIT = Duration.ofSeconds(5);

    private Readiness() {}

    /** @param now monotonic nanoseconds */
    public static HealthReport of(EngineState state, long now) {
        return HealthReport.of(
                new Condition(
                        "configuration",
                        state.phase() == EngineState.Phase.RUNNING,
                        "the daemon is " + state.phase().name().toLowerCase(Locale.ROOT)),
                checks(state),
                table(state.table(), now));
    }

    private static Condition checks(EngineState state) {
        long pending = 0;
        for (VsState vs : state.servers().values()) {
            if (!Engine.isSuspended(state, vs.config())) {
                pending += vs.realServers().stream().filter(rs -> !isKnown(rs)).count();
            }
        }
        return new Condition(
                "checks",
                pending == 0,
                pending == 0
                        ? "every active check has a result"
                        : "real servers with a check without a result: " + pending);
    }

    private static boolean isKnown(RsState rs) {
        return rs.checks().stream()
                .allMatch(c -> c.health().hasRun() || StatusTerms.state(c).equals("unusable"));
    }

    /** A difference that lvsd is about to correct is in the way as well: the next reading shows whether it is gone. */
    private static Condition table(TableState table, long now) {
        if (table.shadow().isPresent()) {
            return new Condition("table", true, "another program maintains the table");
        }
        if (!table.failures().active().isEmpty()) {
            var failure = table.failures().active().entrySet().iterator().next();
            return new Condition(
                    "table", false, failure.getKey() + ": " + failure.getValue().reason());
        }
        if (!table.drifts().isEmpty()) {
            var drift = table.drifts().iterator().next();
            return new Condition(
                    "table", false, "drift in " + drift.service() + ": " + drift.what() + " " + drift.detail());
        }
        if (table.busyFor(now).compareTo(BUSY_LIMIT) > 0) {
            return new Condition("table", false, "the kernel has not answered for " + BUSY_LIMIT.toSeconds() + " s");
        }
        return new Condition("table", true, "the kernel table equals the wanted table");
    }
}
