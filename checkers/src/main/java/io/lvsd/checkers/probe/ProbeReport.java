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
public record ProbeReport(
        ProbeResult result, Duration duration, Optional<Instant> certificateExpiry, ProbePhases phases) {
    public ProbeReport(ProbeResult result, Duration duration) {
        this(result, duration, Optional.empty(), ProbePhases.UNKNOWN);
    }

    /** The same probe with another result. */
    public ProbeReport withResult(ProbeResult other) {
        return new ProbeReport(other, duration, certificateExpiry, phases);
    }
}
