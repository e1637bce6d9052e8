package io.lvsd.core.loop;

import io.lvsd.conf.source.IoReason;
import io.lvsd.sorryserver.SorryCounters;
import io.lvsd.sorryserver.SorryLimits;
import io.lvsd.sorryserver.SorryPage;
import io.lvsd.sorryserver.SorryServer;
import io.lvsd.sorryserver.SorryService;
import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.ListenerSetup;
import io.lvsd.sorryserver.setup.PageSetup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** The present sorry server, which has one page for all listeners, as a service. It ignores what the page does not need. */
public final class ListenerAdapter implements SorryService {
    private final AtomicReference<SorryPage> page = new AtomicReference<>(page(PageSetup.DEFAULT));
    private final SorryServer server;
    private final Map<InetSocketAddress, SorryServer.Listener> open = new HashMap<>();
    private final Map<InetSocketAddress, InetSocketAddress> relays = new ConcurrentHashMap<>();

    public ListenerAdapter(SorryLimits limits) {
        this.server = new SorryServer(1, page::get, limits);
    }

    private static SorryPage page(PageSetup setup) {
        return SorryPage.builtIn(setup.status(), setup.reason(), setup.retryAfterSeconds());
    }

    @Override
    public synchronized Map<InetSocketAddress, String> apply(List<ListenerSetup> listeners) {
        Map<InetSocketAddress, ListenerSetup> wanted =
                listeners.stream().collect(Collectors.toMap(ListenerSetup::address, s -> s, (a, _) -> a));
        open.entrySet().removeIf(e -> {
            boolean closed = !wanted.containsKey(e.getKey());
            if (closed) {
                e.getValue().close();
            }
            return closed;
        });
        relays.keySet().retainAll(wanted.keySet());
        String failure = readPage(listeners);
        Map<InetSocketAddress, String> results = new LinkedHashMap<>();
        listeners.forEach(setup -> results.put(setup.address(), failure.isEmpty() ? open(setup) : failure));
        return results;
    }

    private String readPage(List<ListenerSetup> listeners) {
        Optional<PageSetup> setup = listeners.stream()
                .flatMap(l -> l.content() instanceof Content.Page p
                        ? Optional.of(p.page()).stream()
                        : Optional.<PageSetup>empty().stream())
                .findFirst();
        if (setup.isEmpty()) {
            return "";
        }
        PageSetup p = setup.get();
        try {
            page.set(
                    p.root().isPresent()
                            ? SorryPage.of(p.root().get(), p.status(), p.reason(), p.retryAfterSeconds())
                            : page(p));
            return "";
        } catch (IOException e) {
            return IoReason.withFile(e);
        }
    }

    private String open(ListenerSetup setup) {
        InetSocketAddress address = setup.address();
        switch (setup.content()) {
            case Content.Relay(var target) -> relays.put(address, target);
            case Content.DnsFailure() -> {
                return "DNS is not supported";
            }
            case Content.Page _, Content.Banner _, Content.Reset _ -> relays.remove(address);
        }
        if (open.containsKey(address)) {
            return "";
        }
        try {
            open.put(address, server.listen(address, () -> Optional.ofNullable(relays.get(address))));
            return "";
        } catch (IOException e) {
            return IoReason.of(e);
        }
    }

    @Override
    public List<SorryCounters> counters() {
        return List.of();
    }

    @Override
    public void close() {
        server.close();
    }
}
