package io.lvsd.core.engine;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.Quorum;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Healthy real servers that a reload removes from the configuration, while those that it adds have not passed a check yet. They
 * stay in service until the configured servers reach the quorum, at most for {@code removal_grace}; then they are drained like
 * any other server that is removed.
 */
final class Retention {
    private Retention() {}

    /**
     * The servers to retain at a reload.
     *
     * @param configured real servers of the new configuration
     * @param before the virtual server under the old configuration
     * @param now monotonic nanoseconds
     */
    static List<RsState> of(VirtualServerConfig next, List<RsState> configured, VsState before, long now) {
        Duration grace = next.removalGrace();
        if (grace.isZero() || !before.quorumUp() || reachQuorum(next, configured) || !isReplaced(configured, before)) {
            return List.of();
        }
        Set<RsId> kept = configured.stream().map(rs -> rs.config().id()).collect(Collectors.toSet());
        return before.realServers().stream()
                .filter(rs -> rs.serving() && !kept.contains(rs.config().id()))
                .map(rs -> rs.retainedUntil().isPresent() ? rs : rs.retained(OptionalLong.of(now + grace.toNanos())))
                .toList();
    }

    /** Whether the reload, or an earlier one, added servers that may replace the removed ones. */
    private static boolean isReplaced(List<RsState> configured, VsState before) {
        return before.retains()
                || configured.stream()
                        .anyMatch(rs -> before.realServer(rs.config().id()).isEmpty());
    }

    private static boolean reachQuorum(VirtualServerConfig config, Collection<RsState> configured) {
        long live = configured.stream()
                .filter(rs -> rs.serving() && !rs.isRetained())
                .mapToLong(RsState::weight)
                .sum();
        return Quorum.next(true, live, config.quorum(), config.hysteresis());
    }

    /** Retained servers to remove now: all of them once the configured servers reach the quorum. */
    static List<RsState> over(VsState server, long now) {
        if (!server.retains()) {
            return List.of();
        }
        boolean replaced = reachQuorum(server.config(), server.realServers());
        return server.realServers().stream()
                .filter(RsState::isRetained)
                .filter(rs -> replaced || now - rs.retainedUntil().getAsLong() >= 0)
                .toList();
    }
}
