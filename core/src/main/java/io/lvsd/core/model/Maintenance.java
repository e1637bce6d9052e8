package io.lvsd.core.model;

import io.lvsd.conf.value.IpNetwork;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.conf.value.MaintenanceConfig.Drain;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Planned maintenance of a virtual server: the sorry server takes all connections although real servers may be up.
 *
 * @param message text for clients; empty: none
 * @param until when it ends by itself; empty: not
 * @param allow clients that shall reach the real servers meanwhile
 * @param drain how long real servers that leave may keep their connections; empty: for {@code removal_grace}
 * @param since when it began
 */
public record Maintenance(
        String message,
        Optional<Instant> until,
        List<IpNetwork> allow,
        Optional<Drain> drain,
        Source source,
        Instant since) {
    public Maintenance {
        allow = List.copyOf(allow);
    }

    /** What began it. */
    public enum Source {
        COMMAND,
        CONFIGURATION
    }

    public static Maintenance of(MaintenanceConfig settings, Source source, Instant since) {
        return new Maintenance(settings.message(), settings.until(), settings.allow(), settings.drain(), source, since);
    }

    /** What a command or the configuration has set. */
    public MaintenanceConfig settings() {
        return new MaintenanceConfig(message, until, allow, drain);
    }

    /** Whether its end has been reached. */
    public boolean isOver(Instant now) {
        return until.isPresent() && !now.isBefore(until.get());
    }
}
