package io.lvsd.core.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the time that a peer may take to write its request, and again to read the reply.
 *
 * @param timeout for each of both
 */
record PeerDeadline(Duration timeout) {
    private static final Logger LOG = LoggerFactory.getLogger(PeerDeadline.class);

    /** Blocking input or output on a connection. */
    interface Transfer<T> {
        T run() throws IOException;
    }

    /** Runs a transfer. After the timeout, closes the connection, which makes the transfer fail. */
    <T> T limit(SocketChannel peer, Transfer<T> transfer) throws IOException {
        Thread watchdog = watch(peer);
        try {
            return transfer.run();
        } finally {
            watchdog.interrupt();
        }
    }

    private Thread watch(SocketChannel peer) throws IOException {
        try {
            return Thread.ofVirtual().name("control-deadline").start(() -> {
                try {
                    Thread.sleep(timeout);
                    peer.close();
                } catch (InterruptedException _) {
                    // The transfer finished in time.
                } catch (IOException e) {
                    LOG.debug("control connection", e);
                }
            });
        } catch (OutOfMemoryError e) {
            throw new IOException("no thread can be created: " + e.getMessage(), e);
        }
    }
}
