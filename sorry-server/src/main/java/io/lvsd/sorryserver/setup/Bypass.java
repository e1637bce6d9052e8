package io.lvsd.sorryserver.setup;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Clients that are relayed to real servers instead of getting the page.
 *
 * @param networks of the clients; empty: none
 * @param servers used in turn; a server that refuses a connection is followed by the next one. Empty: everyone gets the page
 */
public record Bypass(List<ClientNetwork> networks, List<InetSocketAddress> servers) {
    public static final Bypass NONE = new Bypass(List.of(), List.of());

    public Bypass {
        networks = List.copyOf(networks);
        servers = List.copyOf(servers);
    }
}
