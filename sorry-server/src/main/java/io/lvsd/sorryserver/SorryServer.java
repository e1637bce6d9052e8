package io.lvsd.sorryserver;

import io.lvsd.sorryserver.http.Counters;
import io.lvsd.sorryserver.http.Counters.Count;
import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.ListenerSetup;
import io.lvsd.sorryserver.setup.PageSetup;
import io.lvsd.sorryserver.setup.TlsIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens where IPVS sends the clients of a virtual server without real servers: serves the sorry page or what is configured in
 * its place, or relays to a web server on this host. A listener may use an address that this host does not have yet. Thread-safe.
 */
public final class SorryServer implements SorryService {
    private static final Logger LOG = LoggerFactory.getLogger(SorryServer.class);
    private static final int MAX_THREADS = 16;
    private static final long REFRESH_MILLIS = 1_000;

    private final EventLoops loops;
    private final ScheduledExecutorService files = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sorry-files").daemon().factory());

    // guarded by this
    private final PageStore pages = new PageStore();
    private final TlsStore tls = new TlsStore();
    private final Map<InetSocketAddress, Listener> open = new HashMap<>();
    private final Map<String, List<Counters>> counters = new LinkedHashMap<>();
    private Optional<Set<InetSocketAddress>> used = Optional.empty();

    /** With an event loop for each processor, as far as these serve the page for more clients. */
    public static SorryServer create(SorryLimits limits) {
        return new SorryServer(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_THREADS), limits);
    }

    /**
     * Without a listener.
     *
     * @param threads event loops, 1 or more; each accepts its own share of the connections
     */
    public SorryServer(int threads, SorryLimits limits) {
        this.loops = new EventLoops(threads, limits);
        var _ = files.scheduleWithFixedDelay(
                this::refreshGuarded, REFRESH_MILLIS, REFRESH_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized Map<InetSocketAddress, String> apply(List<ListenerSetup> listeners) {
        Map<InetSocketAddress, ListenerSetup> wanted = new LinkedHashMap<>();
        listeners.forEach(l -> wanted.put(l.address(), l));
        open.entrySet().removeIf(entry -> {
            ListenerSetup setup = wanted.get(entry.getKey());
            if (setup != null && entry.getValue().serves(setup)) {
                return false;
            }
            entry.getValue().close();
            return true;
        });
        Map<InetSocketAddress, String> results = new LinkedHashMap<>();
        wanted.forEach((address, setup) -> results.put(address, apply(setup)));
        forget();
        return results;
    }

    private String apply(ListenerSetup setup) {
        Listener known = open.get(setup.address());
        if (known != null) {
            known.setup(setup);
            update(known);
            return "";
        }
        Listener listener = new Listener(loops, setup, countersOf(setup.virtualServer()));
        update(listener);
        try {
            listener.open();
            open.put(setup.address(), listener);
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private List<Counters> countersOf(String virtualServer) {
        return counters.computeIfAbsent(virtualServer, _ -> loops.counters());
    }

    /** Gives a listener the present pages and certificates. */
    private void update(Listener listener) {
        if (listener.setup().content() instanceof Content.Page page) {
            listener.serve(
                    new io.lvsd.sorryserver.http.PageSource(pages.get(page.page()), pagesByHost(page)),
                    tls.mapping(page.certificates()));
        }
        listener.use(used.isEmpty() || used.get().contains(listener.setup().address()));
    }

    private Map<String, io.lvsd.sorryserver.page.SorryPage> pagesByHost(Content.Page page) {
        Map<String, io.lvsd.sorryserver.page.SorryPage> hosts = new HashMap<>();
        page.hosts().forEach((host, setup) -> hosts.put(host, pages.get(setup)));
        return hosts;
    }

    @Override
    public synchronized void use(Set<InetSocketAddress> addresses) {
        used = Optional.of(Set.copyOf(addresses));
        open.values().forEach(l -> l.use(addresses.contains(l.setup().address())));
    }

    private void refreshGuarded() {
        try {
            refresh();
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("reason", e.toString())
                    .addKeyValue("effect", "changed files are not read")
                    .setCause(e)
                    .log("sorry_server.error");
        }
    }

    private synchronized void refresh() {
        pages.refresh();
        tls.refresh(identities());
        open.values().forEach(this::update);
    }

    private Set<TlsIdentity> identities() {
        Set<TlsIdentity> all = new HashSet<>();
        contents().forEach(p -> all.addAll(p.certificates()));
        return all;
    }

    private List<Content.Page> contents() {
        return open.values().stream()
                .map(l -> l.setup().content())
                .filter(Content.Page.class::isInstance)
                .map(Content.Page.class::cast)
                .toList();
    }

    private void forget() {
        Set<PageSetup> setups = new HashSet<>();
        contents().forEach(p -> {
            setups.add(p.page());
            setups.addAll(p.hosts().values());
        });
        pages.retain(setups);
    }

    @Override
    public synchronized List<SorryCounters> counters() {
        List<SorryCounters> all = new ArrayList<>();
        counters.forEach((server, parts) -> all.add(new SorryCounters(
                server,
                sum(parts, Count.CONNECTIONS) - sum(parts, Count.CLOSED),
                sum(parts, Count.CONNECTIONS),
                sum(parts, Count.PAGES),
                sum(parts, Count.ASSETS),
                sum(parts, Count.RELAYED),
                sum(parts, Count.OTHERS),
                sum(parts, Count.LIMITED),
                sum(parts, Count.FAILED))));
        return all;
    }

    private static long sum(List<Counters> parts, Count count) {
        return parts.stream().mapToLong(c -> c.get(count)).sum();
    }

    /** The address of an open listener, which has its real port if port 0 was given. */
    public synchronized Optional<InetSocketAddress> address(InetSocketAddress listener) {
        return Optional.ofNullable(open.get(listener)).map(Listener::address);
    }

    /** Stops listening, sends the responses that are under way, and ends after at most 2 s. */
    @Override
    public void close() {
        files.shutdownNow();
        synchronized (this) {
            open.values().forEach(Listener::close);
            open.clear();
        }
        loops.close();
    }
}
