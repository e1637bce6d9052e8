package io.lvsd.checkers;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A probe that has ended.
 *
 * @param took from its start to its outcome
 * @param certificateEnds until when the certificate is valid that the server showed; empty without TLS
 */
public record ProbeReport(ProbeOutcome outcome, Duration took, Optional<Instant> certificateEnds) {
    public ProbeReport(ProbeOutcome outcome, Duration took) {
        this(outcome, took, Optional.empty());
    }
}
