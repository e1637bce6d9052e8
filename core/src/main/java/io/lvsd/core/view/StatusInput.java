package io.lvsd.core.view;

import io.lvsd.checkers.schedule.Lateness;
import io.lvsd.checkers.schedule.ProbeHistory;
import io.lvsd.core.engine.EngineState;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.sorryserver.SorryCounters;
import java.util.List;
import java.util.function.Supplier;

/**
 * Everything that a report is made from.
 *
 * @param counters the table with recent counters; blocks some 100 ms if it has to be read
 * @param sorryCounters of the virtual servers whose clients the built-in sorry server serves
 */
public record StatusInput(
        EngineState state,
        Supplier<IpvsSnapshot> counters,
        Supplier<List<SorryCounters>> sorryCounters,
        DriverStatus driver,
        ProbeHistory history,
        Lateness lateness,
        DaemonInfo info,
        Moment now) {}
