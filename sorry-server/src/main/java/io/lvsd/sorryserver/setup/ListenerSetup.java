package io.lvsd.sorryserver.setup;

import java.net.InetSocketAddress;

/**
 * A listener.
 *
 * @param address need not be an address of this host yet
 * @param virtualServer whose clients it serves, for its counters
 */
public record ListenerSetup(InetSocketAddress address, String virtualServer, Content content) {}
