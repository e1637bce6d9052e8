package io.lvsd.core.view;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.check.UnusableCheck;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.VsState;
import java.util.Optional;

/** The terms that status text, status page and JSON share. */
final class StatusTerms {
    private StatusTerms() {}

    /** Whether the sorry server is in use in a service of a virtual server. */
    static boolean sorryInUse(EngineState state, VsState vs) {
        return !state.sorry().inUse(vs).isEmpty();
    }

    /** {@code up}, {@code down}, {@code unknown} before the first result, or {@code unusable}. */
    static String state(CheckState check) {
        if (check.config().spec() instanceof UnusableCheck) {
            return "unusable";
        }
        return check.health().hasRun() ? (check.up() ? "up" : "down") : "unknown";
    }

    /** Why the last probe did not pass, or why the check is unusable. */
    static Optional<String> reason(CheckState check) {
        if (check.config().spec() instanceof UnusableCheck unusable) {
            return Optional.of(unusable.reason());
        }
        return check.last().flatMap(result -> switch (result) {
            case ProbeResult.Passed _ -> Optional.empty();
            case ProbeResult.Failed(var reason, var detail) -> Optional.of(reason + ", " + detail);
            case ProbeResult.Inconclusive(var cause) -> Optional.of("inconclusive, " + cause);
        });
    }

    /** A check as one line: kind, state, reason. */
    static String line(CheckState check) {
        return check.config().kind() + " " + state(check)
                + reason(check).map(r -> ": " + r).orElse("");
    }
}
