package io.lvsd.checkers.probe;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A finished probe.
 *
 * @param duration from its start to its result
 * @param certificateExpiry end of the validity of the server's certificate; empty without TLS
 */
public record ProbeReport(ProbeResult result, Duration duration, Optional<Instant> certificateExpiry) {
    public ProbeReport(ProbeResult result, Duration duration) {
        this(result, duration, Optional.empty());
    }
}
