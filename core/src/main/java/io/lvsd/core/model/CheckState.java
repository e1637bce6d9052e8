package io.lvsd.core.model;

import io.lvsd.checkers.CheckId;
import io.lvsd.checkers.ProbeKey;
import io.lvsd.checkers.ProbeOutcome;
import io.lvsd.checkers.health.HealthPolicy;
import io.lvsd.checkers.health.HealthState;
import io.lvsd.conf.model.CheckConfig;
import java.util.Optional;

/** One check: its configuration, its verdict, and what the last probe said. */
public record CheckState(CheckId id, CheckConfig config, HealthState health, Optional<ProbeOutcome> last) {
    public static CheckState of(CheckId id, CheckConfig config, HealthState health) {
        return new CheckState(id, config, health, Optional.empty());
    }

    /** The same verdict under a configuration that differs in timing at most. */
    public CheckState withConfig(CheckConfig newConfig) {
        return new CheckState(id, newConfig, health, last);
    }

    public CheckState after(HealthState newHealth, ProbeOutcome outcome) {
        return new CheckState(id, config, newHealth, Optional.of(outcome));
    }

    public boolean up() {
        return health.up();
    }

    /** What the next probe sends. */
    public ProbeKey probeKey() {
        return switch (config) {
            case CheckConfig.Tcp tcp -> new ProbeKey.Tcp(tcp.where());
            case CheckConfig.Http http ->
                new ProbeKey.Http(
                        http.where(),
                        http.tls(),
                        http.serverName(),
                        http.version(),
                        http.urls().get(HealthPolicy.nextUrl(http, health)));
        };
    }
}
