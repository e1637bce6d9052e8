package io.lvsd.core.loop;

import io.lvsd.conf.source.IoReason;
import io.lvsd.core.host.PortOwner;
import io.lvsd.core.plan.HostFacts.Listener;
import io.lvsd.core.plan.SorryBackend;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.sorryserver.SorryCounters;
import io.lvsd.sorryserver.SorryService;
import io.lvsd.sorryserver.setup.ListenerSetup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has the listeners of backends opened by the sorry server, and tests the listeners of other programs. Used by one thread at a
 * time, that of {@link HostMonitor}; the counters by any thread.
 */
public final class SorryListeners implements AutoCloseable {
    private static final int TEST_TIMEOUT_MILLIS = 1_000;
    /** A listener that accepted a connection is not tested again for this time, unless listeners change. */
    private static final long RETEST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long MIN_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(8);

    private final Server server;
    private final LongSupplier clock;
    private final Map<InetSocketAddress, Attempt> connects = new HashMap<>();
    private final Map<InetSocketAddress, Attempt> opens = new HashMap<>();
    private Optional<List<ListenerSetup>> applied = Optional.empty();
    private final Map<ServiceKey, Set<InetSocketAddress>> used = new HashMap<>();
    private boolean pending;

    /** The sorry server, in this process or in another one. */
    public interface Server extends SorryService {
        /** Listeners that are open at present, those of an earlier run of the daemon included. */
        Set<InetSocketAddress> open();

        /** Whether the listeners must be applied again, as the sorry server was started again, or cannot be reached. */
        boolean isStale();
    }

    /** @param server closed with this object */
    public SorryListeners(Server server) {
        this(server, System::nanoTime);
    }

    /** @param clock monotonic, in nanoseconds */
    SorryListeners(Server server, LongSupplier clock) {
        this.server = server;
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

    /** The listening sockets of the sorry server, which belong to no other program. */
    Set<Listener> open() {
        Set<Listener> open = new HashSet<>();
        server.open().forEach(a -> open.add(new Listener(a.getAddress(), a.getPort())));
        return open;
    }

    /** Counters of the virtual servers. Any thread. */
    List<SorryCounters> counters() {
        return server.counters();
    }

    /** Listeners or addresses of this host changed: the next test tries everything that failed. */
    void retryAll() {
        connects.clear();
        boolean failed = opens.values().stream().anyMatch(a -> !a.failure().isEmpty());
        pending |= failed;
    }

    /** The files of a page may have changed: the next test applies all listeners again. */
    void refresh() {
        pending = true;
    }

    /**
     * Opens the listeners of exactly these backends and tests those of other programs.
     *
     * @return the reason why each does not serve; empty if it does
     */
    Map<SorryBackend, String> test(Set<SorryBackend> backends) {
        Map<SorryBackend, String> results = new HashMap<>();
        for (SorryBackend backend : backends) {
            results.put(backend, testOthers(backend));
        }
        Map<InetSocketAddress, ListenerSetup> wanted = wanted(backends, results);
        apply(List.copyOf(wanted.values()));
        for (SorryBackend backend : backends) {
            results.computeIfPresent(backend, (b, failure) -> failure.isEmpty() ? failure(b, wanted) : failure);
        }
        return Map.copyOf(results);
    }

    /** Why a backend cannot be used, apart from the listeners of the sorry server. */
    private String testOthers(SorryBackend backend) {
        return switch (backend) {
            case SorryBackend.Remote(), SorryBackend.Page(var _) -> "";
            case SorryBackend.Unavailable(var reason) -> reason;
            case SorryBackend.Existing(var address) -> connect(address);
            case SorryBackend.Relay(var _, var target) -> connect(target);
        };
    }

    /**
     * The listeners of backends by address. A relay that can be used takes precedence over a page, which takes precedence over
     * nothing: while a web server starts or stops, both are wanted for a moment.
     */
    private static Map<InetSocketAddress, ListenerSetup> wanted(
            Set<SorryBackend> backends, Map<SorryBackend, String> results) {
        List<SorryBackend> ordered = new ArrayList<>(backends);
        ordered.removeIf(b -> !results.getOrDefault(b, "").isEmpty());
        ordered.sort(Comparator.comparing((SorryBackend b) -> !(b instanceof SorryBackend.Relay))
                .thenComparing(SorryBackend::toString));
        Map<InetSocketAddress, ListenerSetup> wanted = new LinkedHashMap<>();
        ordered.stream()
                .flatMap(b -> b.listeners().stream())
                .sorted(Comparator.comparing(s -> s.address().toString()))
                .forEachOrdered(setup -> wanted.putIfAbsent(setup.address(), setup));
        return wanted;
    }

    private String failure(SorryBackend backend, Map<InetSocketAddress, ListenerSetup> wanted) {
        for (ListenerSetup setup : backend.listeners()) {
            ListenerSetup used = wanted.getOrDefault(setup.address(), setup);
            if (!used.virtualServer().equals(setup.virtualServer())) {
                return "port " + setup.address().getPort() + " is used by the sorry page of virtual server "
                        + used.virtualServer() + ": set another sorry_listen";
            }
            Attempt last = opens.get(setup.address());
            if (last != null && !last.failure().isEmpty()) {
                return last.failure();
            }
        }
        return "";
    }

    /** Clients of a service are directed to these listeners from now on; empty: to none of them. */
    void use(ServiceKey service, Set<InetSocketAddress> addresses) {
        Set<InetSocketAddress> before = allUsed();
        if (addresses.isEmpty()) {
            used.remove(service);
        } else {
            used.put(service, addresses);
        }
        Set<InetSocketAddress> now = allUsed();
        if (!now.equals(before)) {
            server.use(now);
        }
    }

    private Set<InetSocketAddress> allUsed() {
        return used.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    }

    private void apply(List<ListenerSetup> setups) {
        long now = clock.getAsLong();
        boolean due = opens.values().stream().anyMatch(a -> !a.failure().isEmpty() && a.isDue(now));
        boolean same = applied.filter(setups::equals).isPresent();
        if (same && !due && !pending && !server.isStale()) {
            return;
        }
        pending = false;
        applied = Optional.of(setups);
        Map<InetSocketAddress, String> results = server.apply(setups);
        server.use(allUsed());
        opens.keySet().retainAll(results.keySet());
        results.forEach((address, failure) ->
                opens.put(address, Attempt.after(opens.get(address), withOwner(failure, address.getPort()), now)));
    }

    private String connect(InetSocketAddress address) {
        Attempt last = connects.get(address);
        if (last == null || last.isDue(clock.getAsLong())) {
            last = Attempt.after(last, connectNow(address), clock.getAsLong());
            connects.put(address, last);
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

    private static String withOwner(String failure, int port) {
        String owner = failure.isEmpty() ? "" : PortOwner.of(port);
        return failure + (owner.isEmpty() ? "" : "; port " + port + " is held by " + owner);
    }

    @Override
    public void close() {
        server.close();
    }
}
