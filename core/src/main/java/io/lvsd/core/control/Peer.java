package io.lvsd.core.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * The peer of a control connection, from the credentials that the kernel reports.
 *
 * @param user its name, or its number if it has none
 */
record Peer(PeerRights rights, String user) {
    static Peer of(SocketChannel peer) {
        try {
            UnixDomainPrincipal principal = peer.getOption(ExtendedSocketOptions.SO_PEERCRED);
            return new Peer(PeerRights.of(principal), principal.user().getName());
        } catch (IOException | UnsupportedOperationException e) {
            return new Peer(PeerRights.NONE, "unknown");
        }
    }
}
