package io.lvsd.checkers.health;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.MiscCheck;
import io.lvsd.conf.check.SmtpCheck;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.Timing;
import java.time.Duration;

/**
 * The rules of keepalived: {@code retry N} tolerates N failures, so N+1 in a row mark a check down; one pass (with
 * {@code rise N}, N in a row) marks it up, but an HTTP check that is down must first pass the url that failed and then all
 * of them.
 */
public final class HealthPolicy {
    private HealthPolicy() {}

    /** The change that the last result made. */
    public enum Report {
        /** No change that is reported. */
        NONE,
        /** The check is now up, or confirmed up for the first time. */
        UP,
        /** The check is now down, or confirmed down for the first time. */
        DOWN,
        /** A failure was tolerated. */
        TOLERATED
    }

    /**
     * The effect of a result.
     *
     * @param delay from the end of this probe to the next one
     */
    public record Step(HealthState state, Report report, Duration delay) {}

    /** The initial state of a check without a trusted result: one failure marks it down, except for SMTP_CHECK. */
    public static HealthState presumed(CheckConfig check, boolean up) {
        boolean retries = check.spec() instanceof SmtpCheck;
        return HealthState.presumed(up, retries ? 0 : check.timing().retry());
    }

    /** @param duration of the probe; the interval of a script is from start to start */
    public static Step after(CheckConfig check, HealthState state, ProbeResult result, Duration duration) {
        Step step = after(check, state, result);
        if (!(check.spec() instanceof MiscCheck)) {
            return step;
        }
        Duration left = step.delay().minus(duration);
        return new Step(step.state(), step.report(), left.isNegative() ? Duration.ZERO : left);
    }

    private static Step after(CheckConfig check, HealthState state, ProbeResult result) {
        return switch (result) {
            case ProbeResult.Passed _ ->
                check.spec() instanceof HttpCheck http
                        ? passedUrl(check, http, state.tolerated(0))
                        : passed(check, state.tolerated(0), check.timing().delayLoop());
            case ProbeResult.Failed _ -> failed(check, state.passes(0));
            case ProbeResult.Inconclusive _ ->
                new Step(state, Report.NONE, check.timing().delayLoop());
        };
    }

    /** A pass; a check that is down and needs several is up with the last of them. */
    private static Step passed(CheckConfig check, HealthState state, Duration delay) {
        Timing timing = check.timing();
        if (state.up() && state.hasRun()) {
            return new Step(state.reached(true), Report.NONE, delay);
        }
        if (!state.up() && state.passes() + 1 < timing.rise()) {
            return new Step(
                    state.passes(state.passes() + 1),
                    Report.NONE,
                    timing.fastInterval().orElse(delay));
        }
        return new Step(state.reached(true), Report.UP, delay);
    }

    private static Step passedUrl(CheckConfig check, HttpCheck http, HealthState state) {
        Duration loop = check.timing().delayLoop();
        boolean settled = state.up() && state.hasRun();
        Duration walking = http.fastRecovery()
                ? Duration.ZERO
                : check.timing().fastInterval().orElse(loop);
        if (state.failedUrl() >= 0) {
            return new Step(state.at(0, -1), Report.NONE, walking);
        }
        int next = (state.url() + 1) % http.urls().size();
        if (next != 0 && !settled) {
            return new Step(state.at(next, -1), Report.NONE, walking);
        }
        return passed(check, state.at(next, -1), loop);
    }

    private static Step failed(CheckConfig check, HealthState state) {
        Timing timing = check.timing();
        Duration retryDelay = timing.fastInterval().orElse(timing.delayBeforeRetry());
        boolean down = !state.up() && state.hasRun();
        boolean again = state.tolerated() < timing.retry();
        if (down && check.spec() instanceof SmtpCheck) {
            // Every run of SMTP_CHECK has its retries, even while it is down.
            return new Step(
                    state.tolerated(again ? state.tolerated() + 1 : 0),
                    Report.NONE,
                    again ? timing.delayBeforeRetry() : timing.delayLoop());
        }
        if (down) {
            return new Step(state, Report.NONE, downDelay(check, state));
        }
        if (again) {
            return new Step(state.tolerated(state.tolerated() + 1), Report.TOLERATED, retryDelay);
        }
        HealthState next = state.at(state.url(), check.spec() instanceof HttpCheck ? state.url() : -1)
                .reached(false);
        return new Step(next, Report.DOWN, downDelay(check, next));
    }

    /** A down HTTP check polls its failed url, and retries within the walk that follows, with intervals of their own. */
    private static Duration downDelay(CheckConfig check, HealthState state) {
        Timing timing = check.timing();
        if (!(check.spec() instanceof HttpCheck)) {
            return timing.delayLoop();
        }
        if (state.failedUrl() < 0) {
            return timing.delayBeforeRetry();
        }
        return timing.delayBeforeRetry().compareTo(timing.delayLoop()) > 0
                ? timing.delayBeforeRetry()
                : timing.delayLoop();
    }

    /** The index of the url of the next probe; 0 for a check without urls. */
    public static int nextUrl(CheckConfig check, HealthState state) {
        return check.spec() instanceof HttpCheck http
                ? Math.min(
                        state.failedUrl() >= 0 ? state.failedUrl() : state.url(),
                        http.urls().size() - 1)
                : 0;
    }
}
