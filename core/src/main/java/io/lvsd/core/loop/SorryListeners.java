package io.lvsd.core.loop;

import io.lvsd.conf.source.IoReason;
import io.lvsd.core.host.PortOwner;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Opens the listeners of the sorry page and relays, and tests the listeners of other programs. Used by one thread at a time,
 * that of {@link HostMonitor}.
 */
public final class SorryListeners implements AutoCloseable {
    private static final int TEST_TIMEOUT_MILLIS = 1_000;
    /** A listener that accepted a connection is not tested again for this time, unless listeners change. */
    private static final long RETEST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long MIN_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(8);

    private final SorryServer server;
    private final Opener opener;
    private final LongSupplier clock;
    private final Map<InetSocketAddress, SorryServer.Listener> open = new HashMap<>();
    private final Map<InetSocketAddress, Attempt> connects = new HashMap<>();
    private final Map<InetSocketAddress, Attempt> opens = new HashMap<>();

    // shared: written here, read by Netty's threads for each connection
    private final Map<InetSocketAddress, InetSocketAddress> relays = new ConcurrentHashMap<>();

    /** Opens a listener of the sorry page. */
    public interface Opener {
        /** @param relay called for each connection: the address to relay it to; empty if it gets the page */
        SorryServer.Listener listen(InetSocketAddress address, Supplier<Optional<InetSocketAddress>> relay)
                throws IOException;
    }

    /** @param server closed with this object */
    public SorryListeners(SorryServer server, Opener opener) {
        this(server, opener, System::nanoTime);
    }

    /** @param clock monotonic, in nanoseconds */
    SorryListeners(SorryServer server, Opener opener, LongSupplier clock) {
        this.server = server;
        this.opener = opener;
        this.clock = clock;
    }

    /**
     * The last attempt to open or to test a listener.
     *
     * @param pause until the next attempt, in nanoseconds
     */
    private record Attempt(String failure, long at, long pause) {
        /** After each failure the pause doubles, up to 8 s; a success is repeated after 30 s. */
        static Attempt after(@Nullable Attempt last, String failure, long now) {
            if (failure.isEmpty()) {
                return new Attempt(failure, now, RETEST_NANOS);
            }
            if (last == null || last.failure().isEmpty()) {
                return new Attempt(failure, now, MIN_PAUSE_NANOS);
            }
            return new Attempt(failure, now, Math.min(2 * last.pause(), MAX_PAUSE_NANOS));
        }

        boolean isDue(long now) {
            return now - at >= pause;
        }
    }

    /** Our own listening sockets. */
    Set<Listener> open() {
        return open.keySet().stream()
                .map(a -> new Listener(a.getAddress(), a.getPort()))
                .collect(Collectors.toSet());
    }

    /** Listeners or addresses of this host changed: the next test tries everything. */
    void retryAll() {
        connects.clear();
        opens.clear();
    }

    /**
     * Opens the listeners of exactly these backends and tests those of other programs.
     *
     * @return the reason why each does not serve; empty if it does
     */
    Map<SorryBackend, String> test(Set<SorryBackend> backends) {
        closeAllBut(backends);
        Map<SorryBackend, String> results = new HashMap<>();
        for (SorryBackend backend : backends) {
            results.put(backend, test(backend));
        }
        return Map.copyOf(results);
    }

    private String test(SorryBackend backend) {
        return switch (backend) {
            case SorryBackend.Remote() -> "";
            case SorryBackend.Unavailable(var reason) -> reason;
            case SorryBackend.Existing(var address) -> connect(address);
            case SorryBackend.Page(var listen) -> listen(listen);
            case SorryBackend.Relay(var listen, var target) -> relay(listen, target);
        };
    }

    private String relay(InetSocketAddress listen, InetSocketAddress target) {
        String failure = connect(target);
        if (failure.isEmpty()) {
            relays.put(listen, target);
            return listen(listen);
        }
        relays.remove(listen);
        return failure;
    }

    private String listen(InetSocketAddress address) {
        if (open.containsKey(address)) {
            opens.remove(address);
            return "";
        }
        return attempt(opens, address, this::listenNow);
    }

    private String listenNow(InetSocketAddress address) {
        try {
            open.put(address, opener.listen(address, () -> Optional.ofNullable(relays.get(address))));
            return "";
        } catch (IOException e) {
            String owner = PortOwner.of(address.getPort());
            return IoReason.of(e) + (owner.isEmpty() ? "" : "; port " + address.getPort() + " is held by " + owner);
        }
    }

    private String connect(InetSocketAddress address) {
        return attempt(connects, address, SorryListeners::connectNow);
    }

    private String attempt(
            Map<InetSocketAddress, Attempt> attempts,
            InetSocketAddress address,
            Function<InetSocketAddress, String> now) {
        Attempt last = attempts.get(address);
        if (last == null || last.isDue(clock.getAsLong())) {
            last = Attempt.after(last, now.apply(address), clock.getAsLong());
            attempts.put(address, last);
        }
        return last.failure();
    }

    private static String connectNow(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, TEST_TIMEOUT_MILLIS);
            return "";
        } catch (IOException e) {
            String owner = PortOwner.of(address.getPort());
            return "no answer from " + address + ": " + IoReason.of(e)
                    + (owner.isEmpty() ? "" : "; the port is held by " + owner);
        }
    }

    private void closeAllBut(Set<SorryBackend> backends) {
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
                opens.remove(entry.getKey());
                listeners.remove();
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
