package io.lvsd.core.plan;

import java.net.InetAddress;
import java.util.Set;

/** What is true of this host at the moment, as far as a sorry server on it is concerned. */
public record HostFacts(Set<InetAddress> addresses, Set<Listener> listeners) {
    public static final HostFacts NONE = new HostFacts(Set.of(), Set.of());

    public HostFacts {
        addresses = Set.copyOf(addresses);
        listeners = Set.copyOf(listeners);
    }

    /** A TCP socket that listens; lvsd's own are not among them. */
    public record Listener(InetAddress address, int port) {}

    /** Whether an address is loopback or one of this host's. */
    public boolean isLocal(InetAddress address) {
        return address.isLoopbackAddress() || addresses.contains(address);
    }

    /** Whether somebody listens on just this address. */
    public boolean listens(InetAddress address, int port) {
        return listeners.contains(new Listener(address, port));
    }

    /** Whether somebody listens on every address; an IPv6 socket may take IPv4, too. */
    public boolean listensEverywhere(int port) {
        return listeners.stream().anyMatch(l -> l.port() == port && l.address().isAnyLocalAddress());
    }
}
