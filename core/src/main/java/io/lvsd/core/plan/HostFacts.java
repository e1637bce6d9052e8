package io.lvsd.core.plan;

import java.net.InetAddress;
import java.util.Set;

/**
 * Facts about this host that decide how a sorry server on it is reached.
 *
 * @param dns addresses of UDP sockets at port 53 that are not lvsd's own; wildcard addresses included
 */
public record HostFacts(Set<InetAddress> addresses, Set<Listener> listeners, Set<InetAddress> dns) {
    public static final HostFacts NONE = new HostFacts(Set.of(), Set.of());

    public HostFacts {
        addresses = Set.copyOf(addresses);
        listeners = Set.copyOf(listeners);
        dns = Set.copyOf(dns);
    }

    /** Without a DNS server. */
    public HostFacts(Set<InetAddress> addresses, Set<Listener> listeners) {
        this(addresses, listeners, Set.of());
    }

    /** A listening socket; lvsd's own are not included. */
    public record Listener(InetAddress address, int port) {}

    /** Whether an address is a loopback address or belongs to an interface of this host. */
    public boolean isLocal(InetAddress address) {
        return address.isLoopbackAddress() || addresses.contains(address);
    }

    /** Whether a program listens on exactly this address. */
    public boolean listens(InetAddress address, int port) {
        return listeners.contains(new Listener(address, port));
    }

    /** Whether a program listens on the wildcard address; an IPv6 socket may accept IPv4, too. */
    public boolean listensEverywhere(int port) {
        return listeners.stream().anyMatch(l -> l.port() == port && l.address().isAnyLocalAddress());
    }

    /** Whether a DNS server has a UDP socket that receives datagrams to this address. */
    public boolean hasDns(InetAddress address) {
        return dns.contains(address) || dns.stream().anyMatch(InetAddress::isAnyLocalAddress);
    }
}
