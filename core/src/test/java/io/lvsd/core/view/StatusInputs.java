package io.lvsd.core.view;

import io.lvsd.checkers.schedule.Lateness;
import io.lvsd.checkers.schedule.ProbeHistory;
import io.lvsd.conf.value.Driver;
import io.lvsd.core.engine.EngineState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Inputs of status reports, with fixed facts about the daemon. */
public final class StatusInputs {
    /** 2026-05-01T12:00:00Z is 1000 s on the monotonic clock. */
    public static final Moment NOW = new Moment(1_000_000_000_000L, Instant.parse("2026-05-01T12:00:00Z"));

    private static final DaemonInfo INFO = new DaemonInfo(
            "1.0",
            "director-1",
            Instant.parse("2026-05-01T11:50:00Z"),
            "/etc/lvsd/lvsd.conf",
            "0123456789abcdef",
            Instant.parse("2026-05-01T11:55:00Z"),
            Optional.empty());

    private StatusInputs() {}

    /** Without probes, driver memory. */
    public static StatusInput of(EngineState state) {
        return of(state, new ProbeHistory());
    }

    /** At a monotonic time, which is 12:00:00 UTC. */
    public static StatusInput at(EngineState state, ProbeHistory history, long nanos) {
        StatusInput in = of(state, history);
        return new StatusInput(
                state,
                () -> state.table().lastRead(),
                List::of,
                in.driver(),
                history,
                in.lateness(),
                in.info(),
                new Moment(nanos, NOW.wall()));
    }

    /** With the last probes, driver memory. */
    public static StatusInput of(EngineState state, ProbeHistory history) {
        DriverStatus driver = new DriverStatus(Driver.MEMORY, Optional.empty());
        return new StatusInput(
                state, () -> state.table().lastRead(), List::of, driver, history, new Lateness(), INFO, NOW);
    }
}
