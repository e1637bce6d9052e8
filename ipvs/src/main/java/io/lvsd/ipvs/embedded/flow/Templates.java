package io.lvsd.ipvs.embedded.flow;

import io.lvsd.ipvs.embedded.table.Client;
import io.lvsd.ipvs.embedded.table.LiveDestination;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.IpvsService;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who of a persistent service's clients belongs to which destination ({@code ip_vs_sched_persist}). Kept for the timeout
 * after the last connection was opened; at most {@link #MAX}, the least recently used one makes room. Guarded by the lock
 * of the service.
 */
final class Templates {
    static final int MAX = 262_144;

    /** In the order of their last use. */
    private final Map<InetAddress, Template> byNetwork = new LinkedHashMap<>(16, 0.75f, true);

    private record Template(LiveDestination destination, long expires) {}

    /** The destination of a client. */
    Optional<LiveDestination> find(IpvsService service, Client client, long second) {
        InetAddress network = network(service, client.address());
        Template known = byNetwork.get(network);
        if (known == null || known.expires() <= second) {
            return Optional.empty();
        }
        byNetwork.put(network, new Template(known.destination(), second + service.persistenceTimeout()));
        return Optional.of(known.destination());
    }

    void remember(IpvsService service, Client client, LiveDestination destination, long second) {
        Template previous = byNetwork.put(
                network(service, client.address()), new Template(destination, second + service.persistenceTimeout()));
        if (previous != null) {
            previous.destination().persistent(-1);
        }
        destination.persistent(1);
        if (byNetwork.size() > MAX) {
            removeFirst(byNetwork.values().iterator());
        }
    }

    /** Drops those whose time is over. */
    void second(long second) {
        Iterator<Template> oldest = byNetwork.values().iterator();
        while (oldest.hasNext() && removeIfOver(oldest, second)) {}
    }

    private static boolean removeIfOver(Iterator<Template> templates, long second) {
        Template oldest = templates.next();
        if (oldest.expires() > second) {
            return false;
        }
        templates.remove();
        oldest.destination().persistent(-1);
        return true;
    }

    private static void removeFirst(Iterator<Template> templates) {
        templates.next().destination().persistent(-1);
        templates.remove();
    }

    /** A destination leaves: its clients are free. */
    void forget(LiveDestination destination) {
        if (byNetwork.values().removeIf(t -> t.destination() == destination)) {
            destination.noneIsPersistent();
        }
    }

    void clear() {
        byNetwork.values().forEach(t -> t.destination().persistent(-1));
        byNetwork.clear();
    }

    static InetAddress network(IpvsService service, InetAddress address) {
        byte[] bytes = address.getAddress();
        int prefix = service.key().family() == AddressFamily.INET
                ? -1
                : (int) Math.min(service.netmask(), bytes.length * (long) Byte.SIZE);
        for (int i = 0; i < bytes.length; i++) {
            int mask = prefix < 0
                    ? (int) (service.netmask() >> (Integer.BYTES - 1 - i) * Byte.SIZE)
                    : 0xff << Math.clamp((i + 1L) * Byte.SIZE - prefix, 0, Byte.SIZE);
            bytes[i] &= (byte) mask;
        }
        return Addresses.of(AddressFamily.of(address), bytes);
    }
}
