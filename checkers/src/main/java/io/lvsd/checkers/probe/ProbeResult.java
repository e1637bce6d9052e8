package io.lvsd.checkers.probe;

import java.util.Locale;
import java.util.Optional;

/** The result of one probe. */
public sealed interface ProbeResult {
    /**
     * The server responded as expected.
     *
     * @param reply what it reported about its own weight
     */
    record Passed(Optional<AgentReply> reply) implements ProbeResult {
        private static final Passed PLAIN = new Passed(Optional.empty());

        /** Without a report about its weight. */
        public static Passed plain() {
            return PLAIN;
        }
    }

    /** The server did not respond as expected; this counts against it. */
    record Failed(Reason reason, String detail) implements ProbeResult {
        /** The detail may come from the peer. */
        public Failed {
            detail = PrintableText.of(detail);
        }
    }

    /** A problem of this host: no evidence either way. */
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
        /** A response that is an error. */
        ANSWER,
        STATUS,
        DIGEST,
        /** The body does not match. */
        BODY,
        /** A script did not exit with status 0. */
        SCRIPT,
        /** A program did not end in time. */
        SCRIPT_TIMEOUT,
        /** The agent of the server reports that it must not be used. */
        AGENT,
        /** The number in a file means down. */
        FILE,
        /** The BFD session is not up. */
        BFD;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
