package io.lvsd.conf.value;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Settings of the planned maintenance of a virtual server.
 *
 * @param message text for clients; empty: none
 * @param until when it ends; empty: when it is ended by command or by the configuration
 * @param allow clients that shall reach the real servers meanwhile
 * @param drain how long real servers that leave may keep their connections; empty: for {@code removal_grace}
 */
public record MaintenanceConfig(String message, Optional<Instant> until, List<IpNetwork> allow, Optional<Drain> drain) {
    /** Without settings. */
    public static final MaintenanceConfig NONE =
            new MaintenanceConfig("", Optional.empty(), List.of(), Optional.empty());

    /** Characters of a message. */
    public static final int MAX_MESSAGE = 500;
    /** Number of allowed networks. */
    public static final int MAX_ALLOW = 100;
    /** Seconds of a drain. */
    public static final long MAX_DRAIN = 31_536_000;

    /** @throws IllegalArgumentException if the message or the number of networks exceeds its limit */
    public MaintenanceConfig {
        allow = allow.stream().distinct().toList();
        if (!isMessage(message) || allow.size() > MAX_ALLOW) {
            throw new IllegalArgumentException("maintenance");
        }
    }

    /**
     * How long connections are drained.
     *
     * @param limit empty: until none is active
     */
    public record Drain(Optional<Duration> limit) {}

    /** Whether a text can be a message: it is not too long, and has no control characters. */
    public static boolean isMessage(String text) {
        return text.length() <= MAX_MESSAGE && text.chars().noneMatch(Character::isISOControl);
    }
}
