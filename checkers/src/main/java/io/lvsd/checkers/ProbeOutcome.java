package io.lvsd.checkers;

import java.util.Locale;

/** What one probe found. */
public sealed interface ProbeOutcome {
    /** The server did what it should. */
    record Passed() implements ProbeOutcome {}

    /** The server did not; this counts against it. */
    record Failed(Reason reason, String detail) implements ProbeOutcome {}

    /** Trouble on this machine: no evidence either way. */
    record Inconclusive(String cause) implements ProbeOutcome {}

    /** Why a probe failed, as a fixed set for logs and metrics. */
    enum Reason {
        CONNECT_TIMEOUT,
        CONNECT_REFUSED,
        CONNECT_FAILED,
        TLS_FAILED,
        RESPONSE_TIMEOUT,
        RESPONSE_BROKEN,
        STATUS,
        DIGEST;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
