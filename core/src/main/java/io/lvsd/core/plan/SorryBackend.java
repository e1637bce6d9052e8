package io.lvsd.core.plan;

import io.lvsd.sorryserver.setup.ListenerSetup;
import java.net.InetSocketAddress;
import java.util.List;

/** What must serve the connections to a sorry server before its route may be used. */
public sealed interface SorryBackend {
    /** Nothing on this host: the sorry server is another host. */
    record Remote() implements SorryBackend {}

    /** A listener of another program; a connection to {@code test} must be accepted. */
    record Existing(InetSocketAddress test) implements SorryBackend {}

    /**
     * Listeners of the built-in sorry server.
     *
     * @param setups one; of a service without a port, one for each port on which clients may reach it
     */
    record Page(List<ListenerSetup> setups) implements SorryBackend {
        public Page {
            setups = List.copyOf(setups);
        }
    }

    /** A relay from the listener of a setup to a listener on loopback. */
    record Relay(ListenerSetup setup, InetSocketAddress target) implements SorryBackend {}

    /** Nothing can serve them; the reason is for people. */
    record Unavailable(String reason) implements SorryBackend {}

    /** The listeners of the built-in sorry server that it needs. */
    default List<ListenerSetup> listeners() {
        return switch (this) {
            case Page(var setups) -> setups;
            case Relay(var setup, var _) -> List.of(setup);
            case Remote _, Existing _, Unavailable _ -> List.of();
        };
    }
}
