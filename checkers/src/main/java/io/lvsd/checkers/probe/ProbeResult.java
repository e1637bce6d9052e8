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

    /**
     * The server did not respond as expected; this counts against it.
     *
     * @param detail one sentence, with the expected and the received value if both are present; may be empty
     * @param expected what the server had to send; empty if the detail contains everything
     * @param got what it sent instead; empty if {@code expected} is
     */
    record Failed(Reason reason, String detail, String expected, String got) implements ProbeResult {
        /** The texts may come from the peer. */
        public Failed {
            detail = PrintableText.of(detail);
            expected = PrintableText.excerpt(expected);
            got = PrintableText.excerpt(got);
        }

        /** A failure that is not the difference of two values. */
        public Failed(Reason reason, String detail) {
            this(reason, detail, "", "");
        }

        /** The server sent something else than it had to. */
        public static Failed mismatch(Reason reason, String expected, String got) {
            String text = "expected " + PrintableText.excerpt(expected) + ", got " + PrintableText.excerpt(got);
            return new Failed(reason, text, expected, got);
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
