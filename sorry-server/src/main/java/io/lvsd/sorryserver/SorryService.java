package io.lvsd.sorryserver;

import io.lvsd.sorryserver.setup.ListenerSetup;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A sorry server, in this process or in another one. Thread-safe; may block for some seconds. */
public interface SorryService extends AutoCloseable {
    /**
     * Opens exactly these listeners. One that is open already stays open and changes its content; connections of a listener
     * that is closed get their response and are then closed.
     *
     * @return by address, in the order given: why it does not serve; empty text if it does
     */
    Map<InetSocketAddress, String> apply(List<ListenerSetup> listeners);

    /**
     * Which listeners clients are directed to now, of those that are open. The others close each connection with its next
     * response, and connections that wait for a request at once, so that clients connect to a real server.
     */
    void use(Set<InetSocketAddress> addresses);

    /** The counters of each virtual server since the start of the sorry server. */
    List<SorryCounters> counters();

    /** Closes what belongs to this process. */
    @Override
    void close();
}
