package io.lvsd.core.loop;

import io.lvsd.conf.source.IoReason;
import io.lvsd.core.engine.Event;
import io.lvsd.core.host.HostReader;
import io.lvsd.core.host.PortOwner;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.HostFacts.Listener;
import io.lvsd.core.plan.SorryBackend;
import io.lvsd.sorryserver.SorryServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has listeners open where sorry traffic is sent, tries what must answer, and watches the host's addresses and
 * listeners. All on its own thread; tells the engine only what has changed.
 */
public final class SorryListeners implements AutoCloseable {
    private static final int TEST_TIMEOUT_MILLIS = 1_000;
    private static final long WATCH_MILLIS = 1_000;
    /** A listener that answered is not tried again for so long, unless listeners change. */
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long MIN_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(8);

    private final SorryServer server;
    private final Opener opener;
    private final LongSupplier clock;
    private final Supplier<Set<Listener>> ownListeners;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sorry-keeper").daemon().factory());

    // owned by the thread "sorry-keeper" (and, before it starts, by the thread that calls prepareNow)
    private final Map<InetSocketAddress, SorryServer.Listener> open = new HashMap<>();
    private Set<SorryBackend> backends = Set.of();
    private Map<SorryBackend, String> told = Map.of();
    private final Map<InetSocketAddress, Tried> tried = new HashMap<>();
    private final Map<InetSocketAddress, Tried> refused = new HashMap<>();
    private HostFacts facts = HostFacts.NONE;

    // shared: written by the keeper, read by Netty's threads for each connection
    private final Map<InetSocketAddress, InetSocketAddress> relays = new ConcurrentHashMap<>();

    /** Opens a listener of the sorry page. */
    public interface Opener {
        /** @param relay asked for each connection: where it is relayed to; empty: it gets the page */
        SorryServer.Listener listen(InetSocketAddress address, Supplier<Optional<InetSocketAddress>> relay)
                throws IOException;
    }

    /**
     * @param server closed with this object
     * @param ownListeners sockets that the table's driver listens on, which are not somebody's web server
     */
    public SorryListeners(SorryServer server, Opener opener, Supplier<Set<Listener>> ownListeners) {
        this(server, opener, ownListeners, System::nanoTime);
    }

    /** @param clock monotonic, in nanoseconds */
    SorryListeners(SorryServer server, Opener opener, Supplier<Set<Listener>> ownListeners, LongSupplier clock) {
        this.clock = clock;
        this.server = server;
        this.opener = opener;
        this.ownListeners = ownListeners;
    }

    /** @param pause until the next attempt, in nanoseconds */
    private record Tried(String failure, long at, long pause) {
        /** After a failure the pause is twice as long as before, up to 8 s; what answers is not tried again for 30 s. */
        static Tried after(@Nullable Tried last, String failure, long now) {
            if (failure.isEmpty()) {
                return new Tried(failure, now, RETRY_NANOS);
            }
            if (last == null || last.failure().isEmpty()) {
                return new Tried(failure, now, MIN_PAUSE_NANOS);
            }
            return new Tried(failure, now, Math.min(2 * last.pause(), MAX_PAUSE_NANOS));
        }

        boolean isDue(long now) {
            return now - at >= pause;
        }
    }

    /** The host as it is, before the keeper's thread runs. */
    public HostFacts readHost() {
        facts = HostReader.read(own());
        return facts;
    }

    /** Sets up and tries backends, before the keeper's thread runs. */
    public Map<SorryBackend, String> prepareNow(Set<SorryBackend> wanted) {
        backends = Set.copyOf(wanted);
        told = tryAll();
        return told;
    }

    /** Starts watching; changes go to the engine. */
    public void start(Consumer<Event> engine) {
        var _ = thread.scheduleWithFixedDelay(() -> watch(engine), WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
        this.engine = engine;
    }

    private volatile Consumer<Event> engine = _ -> {};

    /** Has all of these set up and tried; the engine is told. */
    void prepare(Set<SorryBackend> wanted) {
        thread.execute(() -> {
            backends = Set.copyOf(wanted);
            tell(true);
        });
    }

    /** Looks at the host anew: somebody says that its addresses changed. Any thread. */
    public void hostChanged() {
        thread.execute(() -> {
            HostFacts now = HostReader.read(own());
            if (!now.equals(facts)) {
                facts = now;
                forget();
                engine.accept(new Event.HostChanged(now));
            }
        });
    }

    /** Listeners or addresses changed: everything is tried at once. */
    private void forget() {
        tried.clear();
        refused.clear();
    }

    /** Nothing without a need: the kernel's table of sockets is dear to read on a host that opens many. */
    private void watch(Consumer<Event> to) {
        if (backends.isEmpty()) {
            return;
        }
        HostFacts now = HostReader.read(own());
        if (!now.equals(facts)) {
            facts = now;
            forget();
            to.accept(new Event.HostChanged(now));
        }
        tell(false);
    }

    private void tell(boolean always) {
        Map<SorryBackend, String> results = tryAll();
        if (always || !results.equals(told)) {
            told = results;
            engine.accept(new Event.SorryChecked(results));
        }
    }

    private Map<SorryBackend, String> tryAll() {
        closeUnneeded();
        Map<SorryBackend, String> results = new HashMap<>();
        for (SorryBackend backend : backends) {
            results.put(backend, tryOne(backend));
        }
        return Map.copyOf(results);
    }

    private String tryOne(SorryBackend backend) {
        return switch (backend) {
            case SorryBackend.Remote() -> "";
            case SorryBackend.Unavailable(var why) -> why;
            case SorryBackend.Existing(var test) -> connect(test);
            case SorryBackend.Page(var listen) -> listen(listen);
            case SorryBackend.Relay(var listen, var target) -> {
                String failure = connect(target);
                if (failure.isEmpty()) {
                    relays.put(listen, target);
                } else {
                    relays.remove(listen);
                }
                yield failure.isEmpty() ? listen(listen) : failure;
            }
        };
    }

    private String listen(InetSocketAddress address) {
        if (open.containsKey(address)) {
            refused.remove(address);
            return "";
        }
        return attempt(refused, address, this::listenNow);
    }

    private String listenNow(InetSocketAddress address) {
        try {
            open.put(address, opener.listen(address, () -> Optional.ofNullable(relays.get(address))));
            return "";
        } catch (IOException e) {
            String holder = PortOwner.of(address.getPort());
            return IoReason.of(e) + (holder.isEmpty() ? "" : "; port " + address.getPort() + " is held by " + holder);
        }
    }

    private String connect(InetSocketAddress address) {
        return attempt(tried, address, SorryListeners::connectNow);
    }

    private String attempt(
            Map<InetSocketAddress, Tried> memory, InetSocketAddress address, Function<InetSocketAddress, String> now) {
        Tried last = memory.get(address);
        if (last == null || last.isDue(clock.getAsLong())) {
            last = Tried.after(last, now.apply(address), clock.getAsLong());
            memory.put(address, last);
        }
        return last.failure();
    }

    private static String connectNow(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, TEST_TIMEOUT_MILLIS);
            return "";
        } catch (IOException e) {
            String holder = PortOwner.of(address.getPort());
            return "nothing answers on " + address + ": " + IoReason.of(e)
                    + (holder.isEmpty() ? "" : "; the port is held by " + holder);
        }
    }

    private void closeUnneeded() {
        Set<InetSocketAddress> wanted = new HashSet<>();
        Set<InetSocketAddress> relayed = new HashSet<>();
        for (SorryBackend backend : backends) {
            if (backend instanceof SorryBackend.Page(var listen)) {
                wanted.add(listen);
            } else if (backend instanceof SorryBackend.Relay(var listen, var _)) {
                wanted.add(listen);
                relayed.add(listen);
            }
        }
        relays.keySet().retainAll(relayed);
        Iterator<Map.Entry<InetSocketAddress, SorryServer.Listener>> listeners =
                open.entrySet().iterator();
        while (listeners.hasNext()) {
            var entry = listeners.next();
            if (!wanted.contains(entry.getKey())) {
                entry.getValue().close();
                refused.remove(entry.getKey());
                listeners.remove();
            }
        }
    }

    private Set<Listener> own() {
        Set<Listener> own = new HashSet<>(ownListeners.get());
        open.keySet().forEach(a -> own.add(new Listener(a.getAddress(), a.getPort())));
        return own;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        server.close();
    }
}
