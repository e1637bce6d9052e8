package io.lvsd.core.view;

import io.lvsd.checkers.schedule.Lateness;
import io.lvsd.checkers.schedule.ProbeHistory;
import io.lvsd.core.engine.EngineState;
import io.lvsd.ipvs.IpvsSnapshot;
import java.util.function.Supplier;

/**
 * Everything that a report is made from.
 *
 * @param counters the table with recent counters; blocks some 100 ms if it has to be read
 */
public record StatusInput(
        EngineState state,
        Supplier<IpvsSnapshot> counters,
        DriverStatus driver,
        ProbeHistory history,
        Lateness lateness,
        DaemonInfo info,
        Moment now) {}
