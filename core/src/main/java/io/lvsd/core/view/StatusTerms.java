package io.lvsd.core.view;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.check.AgentCheck;
import io.lvsd.conf.check.UnusableCheck;
import io.lvsd.core.model.CheckState;
import java.util.Optional;

/** The terms for checks and probes that all reports share. */
final class StatusTerms {
    private StatusTerms() {}

    /** {@code up}, {@code down}, {@code unknown} before the first result, or {@code unusable}. */
    static String state(CheckState check) {
        if (check.config().spec() instanceof UnusableCheck) {
            return "unusable";
        }
        return check.health().hasRun() ? (check.up() ? "up" : "down") : "unknown";
    }

    /** Why the last probe did not pass, the reply of the agent that takes the server out, or why the check is unusable. */
    static Optional<String> reason(CheckState check) {
        if (check.config().spec() instanceof UnusableCheck unusable) {
            return Optional.of(unusable.reason());
        }
        Optional<String> agent = check.health().up()
                ? check.agentWeight().outage().map(o -> agent(check) + " " + o.reply())
                : Optional.empty();
        return agent.or(() -> check.last().flatMap(StatusTerms::reason));
    }

    /** The source of the reply, of a check whose kind does not name it. */
    private static String agent(CheckState check) {
        return check.config().spec() instanceof AgentCheck ? "reply" : "agent reply";
    }

    /** Why a probe did not pass. */
    static Optional<String> reason(ProbeResult result) {
        return switch (result) {
            case ProbeResult.Passed _ -> Optional.empty();
            case ProbeResult.Failed(var reason, var detail, var _, var _) ->
                Optional.of(detail.isEmpty() ? reason.toString() : reason + ", " + detail);
            case ProbeResult.Inconclusive(var cause) -> Optional.of("inconclusive, " + cause);
        };
    }
}
