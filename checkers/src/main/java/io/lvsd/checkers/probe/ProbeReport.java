package io.lvsd.checkers.probe;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A probe that has ended.
 *
 * @param took from its start to its outcome
 * @param certificateEnds until when the certificate is valid that the server showed; empty without TLS
 */
public record ProbeReport(ProbeResult outcome, Duration took, Optional<Instant> certificateEnds) {
    public ProbeReport(ProbeResult outcome, Duration took) {
        this(outcome, took, Optional.empty());
    }
}
