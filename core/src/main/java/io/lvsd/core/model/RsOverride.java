package io.lvsd.core.model;

import java.time.Duration;
import java.util.Optional;

/**
 * What an operator sets for a real server at run time, above checks and configuration. It persists across reload and
 * restart.
 *
 * @param weight replaces the configured weight and what checks make of it; 0 to 2147483647
 * @param drainTimeout how long a drained server may keep its connections; empty: until none remains
 */
public record RsOverride(Mode mode, Optional<Long> weight, Optional<Duration> drainTimeout) {
    public static final RsOverride NONE = new RsOverride(Mode.ENABLED, Optional.empty(), Optional.empty());

    /** Whether the server may receive connections. */
    public enum Mode {
        /** It may while it is alive. */
        ENABLED,
        /** No new ones: weight 0; it is removed from the table when no connection remains. */
        DRAINED,
        /** None: it is removed from the table immediately. */
        DISABLED
    }

    public RsOverride enabled() {
        return new RsOverride(Mode.ENABLED, weight, Optional.empty());
    }

    public RsOverride drained(Optional<Duration> newTimeout) {
        return new RsOverride(Mode.DRAINED, weight, newTimeout);
    }

    public RsOverride disabled() {
        return new RsOverride(Mode.DISABLED, weight, Optional.empty());
    }

    /** @param newWeight empty: the configured one again */
    public RsOverride withWeight(Optional<Long> newWeight) {
        return new RsOverride(mode, newWeight, drainTimeout);
    }

    public boolean isNone() {
        return equals(NONE);
    }
}
