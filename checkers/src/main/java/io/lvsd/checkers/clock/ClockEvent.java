package io.lvsd.checkers.clock;

import java.time.Duration;

/**
 * Something happened to time. Counts against no server: every timer and deadline goes by a clock that no administrator sets,
 * and probes that were under way in a pause say nothing.
 *
 * @param by how long the pause was, or how far the clock was set: negative if it was set back
 */
public record ClockEvent(Kind kind, Duration by) {
    /** What it was. */
    public enum Kind {
        /** This process did not run: stopped, swapped out, or the machine was suspended. */
        PAUSED,
        /** The wall clock was set. */
        STEPPED
    }
}
