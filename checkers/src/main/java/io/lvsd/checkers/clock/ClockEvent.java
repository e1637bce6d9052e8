package io.lvsd.checkers.clock;

import java.time.Duration;

/**
 * A pause of this process or a change of the wall clock. Never evidence against a server: timers and deadlines use a clock
 * that cannot be set, and probes that a pause interrupted are inconclusive.
 *
 * @param by length of the pause, or change of the clock: negative if it was set back
 */
public record ClockEvent(Kind kind, Duration by) {
    /** The kind of event. */
    public enum Kind {
        /** This process did not run: stopped, swapped out, or the machine was suspended. */
        PAUSED,
        /** The wall clock was set. */
        STEPPED
    }
}
