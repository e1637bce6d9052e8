package io.lvsd.core.model;

import io.lvsd.conf.value.MaintenanceConfig;
import java.time.Instant;

/**
 * What a later run must know of the maintenance of a virtual server.
 *
 * @param settings for {@link State#OVERRIDDEN}, those of the block of the configuration that has no effect
 * @param since when the state began
 */
public record MaintenanceEntry(State state, MaintenanceConfig settings, Instant since) {
    /** Whether the virtual server is in maintenance, and why. */
    public enum State {
        /** By command. */
        COMMAND,
        /** By the configuration. */
        CONFIGURATION,
        /** Not, although the configuration has a block: a command ended it. */
        OVERRIDDEN
    }

    public static MaintenanceEntry of(Maintenance maintenance) {
        State state = switch (maintenance.source()) {
            case COMMAND -> State.COMMAND;
            case CONFIGURATION -> State.CONFIGURATION;
        };
        return new MaintenanceEntry(state, maintenance.settings(), maintenance.since());
    }

    public boolean isOn() {
        return state != State.OVERRIDDEN;
    }
}
