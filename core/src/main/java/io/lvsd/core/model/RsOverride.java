package io.lvsd.core.model;

import java.time.Duration;
import java.util.Optional;

/**
 * What an operator said about a real server, whatever checks and configuration say. Kept over reloads and restarts.
 *
 * @param weight in place of the configured one and of what checks make of it; 0 to 2147483647
 * @param patience how long a drained server may keep its connections; empty: as long as they last
 */
public record RsOverride(Mode mode, Optional<Long> weight, Optional<Duration> patience) {
    public static final RsOverride NONE = new RsOverride(Mode.ENABLED, Optional.empty(), Optional.empty());

    /** Whether the server may take connections. */
    public enum Mode {
        /** If it is alive. */
        ENABLED,
        /** No new ones; it leaves the table when it has none left. */
        DRAINED,
        /** None; it leaves the table at once. */
        DISABLED
    }

    public RsOverride enabled() {
        return new RsOverride(Mode.ENABLED, weight, Optional.empty());
    }

    public RsOverride drained(Optional<Duration> newPatience) {
        return new RsOverride(Mode.DRAINED, weight, newPatience);
    }

    public RsOverride disabled() {
        return new RsOverride(Mode.DISABLED, weight, Optional.empty());
    }

    /** @param newWeight empty: the configured one again */
    public RsOverride weighing(Optional<Long> newWeight) {
        return new RsOverride(mode, newWeight, patience);
    }

    public boolean isNone() {
        return equals(NONE);
    }
}
