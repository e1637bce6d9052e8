package io.lvsd.checkers.health;

import io.lvsd.checkers.ProbeOutcome;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.Timing;
import java.time.Duration;

/**
 * keepalived's rules: {@code retry N} bears N failures, so N+1 in a row take a check down; one success brings it up,
 * but an HTTP check that is down must first pass the url that failed and then all of them.
 */
public final class HealthPolicy {
    private HealthPolicy() {}

    /** What the last outcome changed. */
    public enum Report {
        /** Nothing that anybody must be told. */
        NONE,
        /** The verdict is now up, or confirmed up for the first time. */
        UP,
        /** The verdict is now down, or confirmed down for the first time. */
        DOWN,
        /** A failure was borne. */
        BORNE
    }

    /**
     * The step that an outcome makes.
     *
     * @param delay from the end of this probe to the next one
     */
    public record Step(HealthState state, Report report, Duration delay) {}

    public static Step after(CheckConfig check, HealthState state, ProbeOutcome outcome) {
        return switch (outcome) {
            case ProbeOutcome.Passed _ -> passed(check, state.borne(0));
            case ProbeOutcome.Failed _ -> failed(check, state);
            case ProbeOutcome.Inconclusive _ ->
                new Step(state, Report.NONE, check.timing().delayLoop());
        };
    }

    private static Step passed(CheckConfig check, HealthState state) {
        return switch (check) {
            case CheckConfig.Tcp _ -> reachedUp(state, check.timing().delayLoop());
            case CheckConfig.Http http -> passedUrl(http, state);
        };
    }

    private static Step reachedUp(HealthState state, Duration delay) {
        Report report = state.up() && state.hasRun() ? Report.NONE : Report.UP;
        return new Step(state.verdict(true), report, delay);
    }

    private static Step passedUrl(CheckConfig.Http check, HealthState state) {
        Duration loop = check.timing().delayLoop();
        Duration walking = check.fastRecovery() ? Duration.ZERO : loop;
        if (state.failedUrl() >= 0) {
            return new Step(state.at(0, -1), Report.NONE, walking);
        }
        int next = (state.url() + 1) % check.urls().size();
        boolean settled = state.up() && state.hasRun();
        if (next != 0 && !settled) {
            return new Step(state.at(next, -1), Report.NONE, walking);
        }
        return reachedUp(state.at(next, -1), loop);
    }

    private static Step failed(CheckConfig check, HealthState state) {
        Timing timing = check.timing();
        boolean recovering = !state.up() && state.hasRun();
        if (recovering) {
            return new Step(state, Report.NONE, downDelay(check, state));
        }
        if (state.borne() < timing.retry()) {
            return new Step(state.borne(state.borne() + 1), Report.BORNE, timing.delayBeforeRetry());
        }
        HealthState down = state.at(state.url(), check instanceof CheckConfig.Http ? state.url() : -1)
                .verdict(false);
        return new Step(down, Report.DOWN, downDelay(check, down));
    }

    /** A down HTTP check polls its failed url, and retries within the walk that follows, at their own paces. */
    private static Duration downDelay(CheckConfig check, HealthState state) {
        Timing timing = check.timing();
        return switch (check) {
            case CheckConfig.Tcp _ -> timing.delayLoop();
            case CheckConfig.Http _ when state.failedUrl() < 0 -> timing.delayBeforeRetry();
            case CheckConfig.Http _ ->
                timing.delayBeforeRetry().compareTo(timing.delayLoop()) > 0
                        ? timing.delayBeforeRetry()
                        : timing.delayLoop();
        };
    }

    /** The index of the url that the next probe asks for. */
    public static int nextUrl(CheckConfig.Http check, HealthState state) {
        return Math.min(
                state.failedUrl() >= 0 ? state.failedUrl() : state.url(),
                check.urls().size() - 1);
    }
}
