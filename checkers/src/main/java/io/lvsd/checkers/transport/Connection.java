package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeResult;
import java.util.Optional;

/**
 * The transport of one probe: a socket, or a channel of Netty. It passes what it receives on to the protocol of the probe,
 * and what that returns to {@link Attempt#perform}. Used by the thread of one loop.
 */
interface Connection {
    /** Makes the connection of an attempt. */
    interface Factory {
        Connection create(Attempt attempt);
    }

    /** Starts to connect. May complete the attempt. */
    void open();

    /** Sends bytes; those that do not fit into the socket buffer are sent when it has room. */
    void send(byte[] bytes);

    /** Reads nothing until {@link #resumeReading}. */
    void pauseReading();

    /** Reads again. */
    void resumeReading();

    /** The result if the peer sent nothing until the deadline; empty: the probe failed by a timeout. */
    default Optional<ProbeResult> timedOut() {
        return Optional.empty();
    }

    /** Status code of the response, as {@link io.lvsd.checkers.protocol.Exchange#status}. */
    default int status() {
        return 0;
    }

    /** Closes the socket and releases the protocol. Called once, after the result was reported. */
    void close();
}
