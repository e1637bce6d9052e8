package io.lvsd.core.view;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.check.UnusableCheck;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.Translation;
import java.util.Optional;

/** The terms that status text, status page and JSON share. */
final class StatusTerms {
    private StatusTerms() {}

    /** Whether the sorry server of a virtual server is in use. */
    static boolean sorryInUse(EngineState state, VsState vs) {
        return !vs.quorumUp()
                && Translation.keys(vs.config()).stream()
                        .anyMatch(k -> state.sorry().chosen().containsKey(k));
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
