package io.lvsd.checkers.probe;

import java.util.Locale;
import java.util.Optional;

/** What one probe found. */
public sealed interface ProbeResult {
    /**
     * The server did what it should.
     *
     * @param wish what it said about its own weight
     */
    record Passed(Optional<AgentReply> wish) implements ProbeResult {
        private static final Passed PLAIN = new Passed(Optional.empty());

        /** Without a word about its weight. */
        public static Passed plain() {
            return PLAIN;
        }
    }

    /** The server did not; this counts against it. */
    record Failed(Reason reason, String detail) implements ProbeResult {
        /** The detail may come from the peer. */
        public Failed {
            detail = PrintableText.of(detail);
        }
    }

    /** Trouble on this machine: no evidence either way. */
    record Inconclusive(String cause) implements ProbeResult {
        /** The cause may come from the peer. */
        public Inconclusive {
            cause = PrintableText.of(cause);
        }
    }

    /** Why a probe failed, as a fixed set for logs and metrics. */
    enum Reason {
        CONNECT_TIMEOUT,
        CONNECT_REFUSED,
        CONNECT_FAILED,
        TLS_FAILED,
        RESPONSE_TIMEOUT,
        RESPONSE_BROKEN,
        /** An answer that says no. */
        ANSWER,
        STATUS,
        DIGEST,
        /** The body is not as it should be. */
        BODY,
        /** A program did not end with status 0. */
        SCRIPT,
        /** A program did not end in time. */
        SCRIPT_TIMEOUT,
        /** The server's agent takes it out. */
        AGENT,
        /** The number in a file says down. */
        FILE,
        /** The BFD session is not up. */
        BFD;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
