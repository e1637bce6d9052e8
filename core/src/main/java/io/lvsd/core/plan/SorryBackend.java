package io.lvsd.core.plan;

import java.net.InetSocketAddress;

/** What must serve the connections to a sorry server before its route may be used. */
public sealed interface SorryBackend {
    /** Nothing on this host: the sorry server is another host. */
    record Remote() implements SorryBackend {}

    /** A listener of another program; a connection to {@code test} must be accepted. */
    record Existing(InetSocketAddress test) implements SorryBackend {}

    /** The built-in page on this address. */
    record Page(InetSocketAddress listen) implements SorryBackend {}

    /** A relay from this address to a listener on loopback. */
    record Relay(InetSocketAddress listen, InetSocketAddress target) implements SorryBackend {}

    /** Nothing can serve them; the reason is for people. */
    record Unavailable(String reason) implements SorryBackend {}
}
