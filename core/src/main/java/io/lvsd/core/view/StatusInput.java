package io.lvsd.core.view;

import io.lvsd.checkers.schedule.Lateness;
import io.lvsd.checkers.schedule.ProbeHistory;
import io.lvsd.core.engine.EngineState;

/** Everything that a report is made from. */
public record StatusInput(
        EngineState state, DriverStatus driver, ProbeHistory history, Lateness lateness, DaemonInfo info, Moment now) {}
