package io.lvsd.core.loop;

import io.lvsd.sorryserver.SorryCounters;
import io.lvsd.sorryserver.setup.ListenerSetup;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Opens nothing, and records what it is to serve. */
final class RecordingSorryServer implements SorryListeners.Server {
    final List<List<ListenerSetup>> applied = new ArrayList<>();
    final Map<InetSocketAddress, String> failures = new HashMap<>();
    Set<InetSocketAddress> used = Set.of();
    boolean stale;

    @Override
    public Map<InetSocketAddress, String> apply(List<ListenerSetup> listeners) {
        applied.add(listeners);
        Map<InetSocketAddress, String> results = new LinkedHashMap<>();
        listeners.forEach(l -> results.put(l.address(), failures.getOrDefault(l.address(), "")));
        return results;
    }

    @Override
    public void use(Set<InetSocketAddress> addresses) {
        used = addresses;
    }

    @Override
    public Set<InetSocketAddress> open() {
        return Set.of();
    }

    @Override
    public boolean isStale() {
        return stale;
    }

    @Override
    public List<SorryCounters> counters() {
        return List.of();
    }

    @Override
    public void close() {
        // It has nothing open.
    }
}
