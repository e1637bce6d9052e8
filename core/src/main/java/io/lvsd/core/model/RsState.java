package io.lvsd.core.model;

import io.lvsd.checkers.CheckId;
import io.lvsd.conf.model.RealServerConfig;
import java.util.List;
import java.util.Optional;

/** One real server with its checks. */
public record RsState(RealServerConfig config, List<CheckState> checks) {
    public RsState {
        checks = List.copyOf(checks);
    }

    /** Whether no check has failed; a server without checks is always alive. */
    public boolean alive() {
        return checks.stream().allMatch(CheckState::up);
    }

    public Optional<CheckState> check(CheckId id) {
        return checks.stream().filter(c -> c.id().equals(id)).findFirst();
    }

    public RsState with(CheckState changed) {
        return new RsState(
                config,
                checks.stream()
                        .map(c -> c.id().equals(changed.id()) ? changed : c)
                        .toList());
    }
}
