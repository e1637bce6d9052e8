package io.lvsd.core.model;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.core.model.RsOverride.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One real server with its checks.
 *
 * @param override what an operator has set
 * @param ramp progress of its slow start; empty if it is not in slow start
 * @param retainedUntil monotonic nanoseconds; present if the configuration no longer has the server and it stays in service
 *     until its replacement is usable, at the latest until then
 */
public record RsState(
        RealServerConfig config,
        List<CheckState> checks,
        RsOverride override,
        Optional<Ramp> ramp,
        OptionalLong retainedUntil) {
    /** IPVS_DEST_ATTR_WEIGHT is a u32 that the kernel takes as an int. */
    private static final long MAX_WEIGHT = Integer.MAX_VALUE;

    public RsState {
        checks = List.copyOf(checks);
    }

    public RsState(RealServerConfig config, List<CheckState> checks) {
        this(config, checks, RsOverride.NONE, Optional.empty(), OptionalLong.empty());
    }

    /** Whether no check is down; a server without checks is always alive. */
    public boolean alive() {
        // Called for each real server of a changed virtual server: an iterator would be an object each time.
        for (int i = 0; i < checks.size(); i++) {
            if (!checks.get(i).up()) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is alive and not drained or disabled. */
    public boolean serving() {
        return override.mode() == Mode.ENABLED && alive();
    }

    /** Whether it receives connections, unless the sorry server is in use. */
    public boolean receives() {
        return serving() && weight() > 0;
    }

    /** Whether each of its checks has a result. */
    public boolean known() {
        for (CheckState check : checks) {
            if (!check.health().hasRun()) {
                return false;
            }
        }
        return true;
    }

    /**
     * The overridden weight; otherwise the configured one, plus what checks add to it, scaled by the lowest agent weight.
     * Counts for the quorum while the server serves, see {@link #effectiveWeight()}.
     */
    public long weight() {
        if (override.weight().isPresent()) {
            return override.weight().get();
        }
        long configured = config.weight();
        long weight = configured;
        for (CheckState check : checks) {
            weight += check.adds(configured);
        }
        weight = Math.clamp(weight, 0, MAX_WEIGHT);
        long least = Long.MAX_VALUE;
        for (CheckState check : checks) {
            if (check.config().smoothing().isPresent()) {
                least = Math.min(least, check.agentWeight().of(weight));
            }
        }
        return least == Long.MAX_VALUE ? weight : Math.min(least, MAX_WEIGHT);
    }

    /** What it contributes to the live weight now: its weight, or 0 while it is down, drained or disabled. */
    public long effectiveWeight() {
        return serving() ? weight() : 0;
    }

    /** Its weight in the table: less during its slow start. */
    public long tableWeight() {
        long weight = weight();
        return ramp.isEmpty() || override.weight().isPresent()
                ? weight
                : ramp.get().of(weight);
    }

    public Optional<CheckState> check(CheckId id) {
        for (CheckState check : checks) {
            if (check.id().equals(id)) {
                return Optional.of(check);
            }
        }
        return Optional.empty();
    }

    public RsState with(CheckState changed) {
        List<CheckState> next = new ArrayList<>(checks);
        next.replaceAll(c -> c.id().equals(changed.id()) ? changed : c);
        return new RsState(config, next, override, ramp, retainedUntil);
    }

    public RsState with(RsOverride changed) {
        return new RsState(config, checks, changed, ramp, retainedUntil);
    }

    public RsState with(Optional<Ramp> slowStart) {
        return new RsState(config, checks, override, slowStart, retainedUntil);
    }

    /** Whether the configuration no longer has it. */
    public boolean isRetained() {
        return retainedUntil.isPresent();
    }

    public RsState retained(OptionalLong until) {
        return new RsState(config, checks, override, ramp, until);
    }
}
