package io.lvsd.core.model;

import io.lvsd.checkers.CheckId;
import io.lvsd.conf.model.RealServerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One real server with its checks. */
public record RsState(RealServerConfig config, List<CheckState> checks) {
    /** IPVS_DEST_ATTR_WEIGHT is a u32 that the kernel takes as an int. */
    private static final long MAX_WEIGHT = Integer.MAX_VALUE;

    public RsState {
        checks = List.copyOf(checks);
    }

    /** Whether no check has failed; a server without checks is always alive. */
    public boolean alive() {
        for (CheckState check : checks) {
            if (!check.up()) {
                return false;
            }
        }
        return true;
    }

    /** The configured weight, with what checks add to it and the least share that the server itself wants of it. */
    public long weight() {
        long configured = config.weight();
        long weight = configured;
        for (CheckState check : checks) {
            weight += check.adds(configured);
        }
        weight = Math.clamp(weight, 0, MAX_WEIGHT);
        long least = Long.MAX_VALUE;
        for (CheckState check : checks) {
            if (check.config().smoothing().isPresent()) {
                least = Math.min(least, check.share().of(weight));
            }
        }
        return least == Long.MAX_VALUE ? weight : Math.min(least, MAX_WEIGHT);
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
        return new RsState(config, next);
    }
}
