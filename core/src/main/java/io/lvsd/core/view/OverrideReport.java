package io.lvsd.core.view;

import java.util.OptionalLong;

/**
 * The override of a real server after it was changed. The names of the components are those of the JSON.
 *
 * @param override {@code enabled}, {@code drained} or {@code disabled}
 * @param overrideWeight the weight that replaces the configured one
 * @param drainTimeoutSeconds after this time a drained server is removed even if connections remain
 * @param applied whether the engine has applied it; otherwise it does soon
 */
public record OverrideReport(
        String virtualServer,
        String realServer,
        String override,
        OptionalLong overrideWeight,
        OptionalLong drainTimeoutSeconds,
        boolean applied) {
    /** One line. */
    public String text() {
        return realServer + " of " + virtualServer + ": " + override
                + (overrideWeight.isPresent() ? ", weight " + overrideWeight.getAsLong() : "") + "\n";
    }
}
