package io.lvsd.core.view;

import io.lvsd.core.view.HealthReport.Condition;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What shows that the daemon makes progress. Times are monotonic nanoseconds.
 *
 * @param now the present time
 * @param engine when the engine last completed a round
 * @param selfProbe when the slowest loop last completed a probe of this process
 * @param overdueAt from when the next probe is overdue; empty: no probe is planned
 */
public record Liveness(long now, long engine, long selfProbe, OptionalLong overdueAt) {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    /** Whether engine and probes make progress. */
    public HealthReport report() {
        long late = overdueAt.isPresent() ? now - overdueAt.getAsLong() : -1;
        return HealthReport.of(
                within("engine", "the engine completed a round", engine),
                within("probe_loops", "each probe loop completed a probe of this process", selfProbe),
                new Condition(
                        "probes",
                        late <= 0,
                        late <= 0 ? "no probe is overdue" : "a probe has been overdue for " + seconds(late)));
    }

    private Condition within(String name, String what, long at) {
        long age = Math.max(0, now - at);
        return new Condition(
                name, age <= LIMIT.toNanos(), what + " " + seconds(age) + " ago, limit " + LIMIT.toSeconds() + " s");
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / NANOS_PER_SECOND);
    }
}
