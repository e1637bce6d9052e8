package io.lvsd.checkers.protocol;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The client side of a protocol, as far as a check needs it: bytes in, action out. It knows no socket, no timer and no
 * thread. One object serves one probe and is used by one thread. A protocol over datagrams gets each datagram whole, all
 * others get the bytes of a stream in pieces of any size.
 */
public interface Exchange {
    /** The bytes that are sent first; none if the server sends first. */
    byte[] opening();

    /** The connection is established, with TLS if the check uses it. */
    default Action connected() {
        return new Action.Send(opening());
    }

    /** More bytes of the server, as they arrive. */
    Action received(byte[] bytes);

    /** The server closed the connection before the exchange was finished. */
    default Action closed() {
        return broken("connection closed without a response");
    }

    /** The connection was reset. Called over TLS only: a response may be complete all the same. */
    default Action reset(String detail) {
        return broken(detail);
    }

    /** The result if the server sends nothing until the deadline; empty: the probe failed by a timeout. */
    default Optional<ProbeResult> timedOut() {
        return Optional.empty();
    }

    /** Whether all reads after the first share one timeout over TLS, as in keepalived; without TLS each read has its own. */
    default boolean sharesTimeoutOverTls() {
        return false;
    }

    /** Bytes of the response that are in memory now; 0 if they are always few. */
    default int buffered() {
        return 0;
    }

    /** Status code of the response, such as 200 of HTTP; 0 if the protocol has none, or it has not arrived. */
    default int status() {
        return 0;
    }

    /** Releases memory that is not on the heap. Called once, after the last call of any other method. */
    default void release() {}

    /** What the transport does next. */
    sealed interface Action {
        /** Wait for more bytes. */
        record Read() implements Action {}

        /** Send bytes, then wait for more. */
        @SuppressWarnings("ArrayRecordComponent")
        record Send(byte[] bytes) implements Action {}

        /**
         * Report the result and close the connection.
         *
         * @param farewell sent before the connection is closed
         */
        @SuppressWarnings("ArrayRecordComponent")
        record Finish(ProbeResult result, byte[] farewell) implements Action {
            /** Without a farewell. */
            public Finish(ProbeResult result) {
                this(result, NONE);
            }
        }

        /** The response is complete. Evaluating it takes too long for an event loop: use another thread. */
        record EvaluateAsync(Supplier<ProbeResult> evaluation) implements Action {}

        /** No bytes. */
        byte[] NONE = {};
    }

    static Action pass() {
        return new Action.Finish(Passed.plain());
    }

    /** The response is an error. */
    static Action fail(String expected, String got) {
        return new Action.Finish(Failed.mismatch(Reason.ANSWER, expected, got));
    }

    /** The response is not what the protocol requires. */
    static Action broken(String detail) {
        return new Action.Finish(new Failed(Reason.RESPONSE_BROKEN, detail));
    }

    /** Same as {@link #broken(String)}, if the response differs from a value. */
    static Action broken(String expected, String got) {
        return new Action.Finish(Failed.mismatch(Reason.RESPONSE_BROKEN, expected, got));
    }
}
