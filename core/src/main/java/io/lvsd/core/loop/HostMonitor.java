package io.lvsd.core.loop;

import io.lvsd.conf.source.IoReason;
import io.lvsd.core.engine.Event;
import io.lvsd.core.host.HostReader;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.HostFacts.Listener;
import io.lvsd.core.plan.SorryBackend;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.sorryserver.SorryCounters;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches this host's addresses and listeners and has the backends of sorry servers opened and tested, on its own thread.
 * Posts an event only if something changed. A failure of one round is logged, and the next round tries again.
 */
public final class HostMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostMonitor.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final long STOP_SECONDS = 6;

    // fixed
    private final SorryListeners listeners;
    private final Supplier<Set<Listener>> driverListeners;
    private final Function<Set<Listener>, HostFacts> reader;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("host-monitor").daemon().factory());

    // owned by the thread "host-monitor" (before it starts, by the thread that starts the daemon)
    private HostFacts facts = HostFacts.NONE;
    private Map<SorryBackend, String> reported = Map.of();
    private Set<SorryBackend> backends = Set.of();
    private long failures;
    private long failingSince;

    private volatile Consumer<Event> engine = _ -> {};

    /**
     * @param listeners closed with this object
     * @param driverListeners sockets that the table's driver listens on, which are no web server of another program
     */
    public HostMonitor(SorryListeners listeners, Supplier<Set<Listener>> driverListeners) {
        this(listeners, driverListeners, HostReader::read);
    }

    /** @param reader reads the facts, given the sockets that are our own */
    HostMonitor(
            SorryListeners listeners,
            Supplier<Set<Listener>> driverListeners,
            Function<Set<Listener>, HostFacts> reader) {
        this.listeners = listeners;
        this.driverListeners = driverListeners;
        this.reader = reader;
    }

    /** Reads the facts about this host, before {@link #start}. */
    public HostFacts read() {
        facts = reader.apply(ownListeners());
        return facts;
    }

    /**
     * Opens and tests backends, before {@link #start}.
     *
     * @return the reason why each does not serve; empty if it does
     */
    public Map<SorryBackend, String> prepareNow(Set<SorryBackend> wanted) {
        backends = Set.copyOf(wanted);
        reported = listeners.test(backends);
        return reported;
    }

    /** Starts watching; changes are posted to the engine. */
    public void start(Consumer<Event> events) {
        engine = events;
        long millis = INTERVAL.toMillis();
        var _ = thread.scheduleWithFixedDelay(() -> guarded(this::watch), millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Has exactly these backends opened and tested; the engine gets the results. Any thread. */
    void prepare(Set<SorryBackend> wanted) {
        thread.execute(() -> guarded(() -> {
            backends = Set.copyOf(wanted);
            report(true);
        }));
    }

    /** Clients of a service are directed to these listeners of the sorry server from now on. Any thread. */
    void use(ServiceKey service, Set<InetSocketAddress> addresses) {
        thread.execute(() -> guarded(() -> listeners.use(service, addresses)));
    }

    /** Reads the facts again, as the addresses of this host may have changed. Any thread. */
    public void addressesChanged() {
        thread.execute(() -> guarded(this::refresh));
    }

    /** The files of a sorry page may have changed. Any thread. */
    public void pagesChanged() {
        thread.execute(() -> guarded(() -> {
            listeners.refresh();
            report(false);
        }));
    }

    /** Has the sorry server close all listeners, as after a stop they are no destinations any more. Any thread; blocks. */
    public void stopServing() {
        try {
            var _ = thread.submit(() -> guarded(() -> {
                        backends = Set.of();
                        reported = listeners.test(backends);
                    }))
                    .get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.debug("sorry server", e);
        }
    }

    /** Counters of the sorry server. Any thread. */
    public List<SorryCounters> sorryCounters() {
        return listeners.counters();
    }

    /** Without a sorry server nothing is read: the kernel's socket table is expensive to read on a busy host. */
    private void watch() {
        if (!backends.isEmpty()) {
            refresh();
        }
        report(false);
    }

    private void refresh() {
        HostFacts now = reader.apply(ownListeners());
        if (!now.equals(facts)) {
            facts = now;
            listeners.retryAll();
            engine.accept(new Event.HostChanged(now));
        }
    }

    private void report(boolean always) {
        Map<SorryBackend, String> results = listeners.test(backends);
        if (always || !results.equals(reported)) {
            reported = results;
            engine.accept(new Event.SorryChecked(results));
        }
    }

    private Set<Listener> ownListeners() {
        Set<Listener> own = new HashSet<>(driverListeners.get());
        own.addAll(listeners.open());
        return own;
    }

    /** An exception would end a scheduled task silently. */
    private void guarded(Runnable round) {
        try {
            round.run();
            if (failures > 0) {
                long seconds =
                        Duration.ofNanos(System.nanoTime() - failingSince).toSeconds();
                LOG.atInfo()
                        .addKeyValue("count", failures)
                        .addKeyValue("for", seconds + "s")
                        .log("host_monitor.recovered");
                failures = 0;
            }
        } catch (RuntimeException e) {
            if (failures++ == 0) {
                failingSince = System.nanoTime();
                LOG.atError()
                        .addKeyValue("reason", IoReason.of(e))
                        .addKeyValue("effect", "changes of this host are not noticed")
                        .setCause(e)
                        .log("host_monitor.failed");
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        listeners.close();
    }
}
