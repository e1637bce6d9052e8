package io.lvsd.checkers.protocol;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import java.util.function.Supplier;

/**
 * What is said to a server and what it must answer, without a socket. One object for one probe; used by one thread. A
 * protocol over datagrams gets each answer whole.
 */
public interface Exchange {
    /** What is sent first; nothing if the server speaks first. */
    byte[] opening();

    /** More from the server, as it arrives. */
    Move received(byte[] bytes);

    /** The server has closed before the end. */
    default Move closed() {
        return broken("closed without an answer");
    }

    /** The connection was reset. Over TLS only: a response may be complete all the same. */
    default Move reset(String detail) {
        return broken(detail);
    }

    /** Whether all reads after the first share one timeout over TLS, as in keepalived; without TLS each has its own. */
    default boolean sharesTimeoutOverTls() {
        return false;
    }

    /** How many bytes of what arrived are kept, unless they are always few. */
    default int kept() {
        return 0;
    }

    /** Gives back at once what the collector would find late. Called once, when nothing is asked of it any more. */
    default void letGo() {}

    /** What comes next. */
    sealed interface Move {
        /** More must arrive first. */
        record Wait() implements Move {}

        /** This is to be sent. */
        @SuppressWarnings("ArrayRecordComponent")
        record Send(byte[] bytes) implements Move {}

        /**
         * The outcome is known.
         *
         * @param farewell sent before the connection is closed
         */
        @SuppressWarnings("ArrayRecordComponent")
        record End(ProbeResult outcome, byte[] farewell) implements Move {}

        /** The server has said all; to judge it takes so long that it is not done on an event loop. */
        record Later(Supplier<ProbeResult> judgement) implements Move {}
    }

    static Move pass() {
        return new Move.End(Passed.plain(), new byte[0]);
    }

    static Move fail(String detail) {
        return new Move.End(new Failed(Reason.ANSWER, detail), new byte[0]);
    }

    static Move broken(String detail) {
        return new Move.End(new Failed(Reason.RESPONSE_BROKEN, detail), new byte[0]);
    }
}
