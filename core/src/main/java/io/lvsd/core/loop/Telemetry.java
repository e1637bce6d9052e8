package io.lvsd.core.loop;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Event;
import java.time.Duration;
import java.util.List;

/** Receives measurements. Its methods must not block, as they run on the measured threads. */
public interface Telemetry {
    /** Ignores all measurements. */
    Telemetry NONE = new Telemetry() {};

    /** A probe ended, or a passive check reported. Engine thread. */
    default void probeFinished(CheckId check, ProbeReport report) {}

    /** A probe started so much later than planned. Engine thread. */
    default void probeStarted(Duration lateness) {}

    /** A check is gone. Engine thread. */
    default void checkRemoved(CheckId check) {}

    /** The engine handled an event: how long the step and its effects took. Engine thread. */
    default void handled(Event event, Duration duration) {}

    /** The engine handled its regular timer, so much later than it was due. Engine thread. */
    default void ticked(Duration late) {}

    /** An event was published. Any thread. */
    default void published(DaemonEvent event) {}

    /**
     * A reload ended. Thread of the reload.
     *
     * @param result {@code done}, {@code refused} or {@code guarded}
     */
    default void reloaded(String result, Duration duration) {}

    /** The table was read. Thread of the writer. */
    default void tableRead(Duration duration) {}

    /** Commands were sent, each with its result; one round of a plan. Thread of the writer. */
    default void tableWritten(List<Event.Result> results, Duration duration) {}

    /**
     * Reading or writing the table failed as a whole. Thread of the writer.
     *
     * @param errno 0 if none is known
     */
    default void tableFailed(int errno) {}
}
