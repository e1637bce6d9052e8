package io.lvsd.core.loop;

import io.lvsd.sorryserver.SorryCounters;
import io.lvsd.sorryserver.SorryService;
import io.lvsd.sorryserver.setup.ListenerSetup;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A sorry server in this process, and its open listeners. */
public final class OwnSorryServer implements SorryListeners.Server {
    private final SorryService service;
    private Set<InetSocketAddress> open = Set.of();

    /** @param service closed with this object */
    public OwnSorryServer(SorryService service) {
        this.service = service;
    }

    @Override
    public synchronized Map<InetSocketAddress, String> apply(List<ListenerSetup> listeners) {
        Map<InetSocketAddress, String> results = service.apply(listeners);
        Set<InetSocketAddress> opened = new HashSet<>();
        results.forEach((address, failure) -> {
            if (failure.isEmpty()) {
                opened.add(address);
            }
        });
        open = Set.copyOf(opened);
        return results;
    }

    @Override
    public void use(Set<InetSocketAddress> addresses) {
        service.use(addresses);
    }

    @Override
    public synchronized Set<InetSocketAddress> open() {
        return open;
    }

    @Override
    public boolean isStale() {
        return false;
    }

    @Override
    public List<SorryCounters> counters() {
        return service.counters();
    }

    @Override
    public void close() {
        service.close();
    }
}
