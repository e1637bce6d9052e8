package io.lvsd.core.loop;

import static io.lvsd.core.engine.World.rs;
import static io.lvsd.core.engine.World.vs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.passive.PassiveChecks;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.engine.Event;
import io.lvsd.core.engine.StoredResults;
import io.lvsd.core.engine.World;
import io.lvsd.core.model.KernelJournal;
import io.lvsd.core.notify.DryRunReceivers;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.Numbers;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.core.store.Store;
import io.lvsd.ipvs.FakeIpvs;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The engine's thread, with a fake kernel and probes whose results the test reports. */
final class EngineLoopTest {
    private static final long PATIENCE_SECONDS = 20;
    private static final ProbeReport REFUSED =
            new ProbeReport(new ProbeResult.Failed(ProbeResult.Reason.CONNECT_REFUSED, ""), Duration.ZERO);

    private final BlockingQueue<Prober.Start> probes = new LinkedBlockingQueue<>();
    private final Prober prober = new Held(probes);
    private final CountDownLatch removed = new CountDownLatch(1);
    private final CompletableFuture<Boolean> removedBeforeTheLog = new CompletableFuture<>();

    /** The log of a failure waits until the server has left the table, which is sent first; the result is stored before that. */
    @Test
    void aFailedServerLeavesTheTableBeforeItsFailureIsLogged() throws Exception {
        FakeIpvs kernel = new FakeIpvs();
        Store store = Store.inMemory();
        CompletableFuture<Boolean> storedBefore = new CompletableFuture<>();
        kernel.afterEach(() -> {
            if (kernel.seen().getLast() instanceof IpvsCommand.DelDest) {
                storedBefore.complete(store.state().results().values().stream().anyMatch(result -> !result.up()));
                removed.countDown();
            }
        });
        try (IpvsWriter writer = new IpvsWriter(kernel, store, Optional.empty(), Telemetry.NONE);
                PassiveChecks passive = PassiveChecks.readOnly();
                HostMonitor host = new HostMonitor(listeners(), Set::of, _ -> HostFacts.NONE);
                EventBus bus = new EventBus(this::log, new DryRunReceivers(_ -> {}), Telemetry.NONE)) {
            EngineLoop loop = new EngineLoop(writer, prober, passive, host, bus, Telemetry.NONE);
            loop.post(started(kernel));
            Thread engine = run(loop);
            Prober.Start probe = Objects.requireNonNull(probes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertTrue(loop.await(EngineLoopTest::isInTable, Duration.ofSeconds(PATIENCE_SECONDS)));
            probe.done().accept(REFUSED);
            assertTrue(removedBeforeTheLog.get(2 * PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertTrue(storedBefore.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            loop.post(new Event.StopRequested());
            engine.join();
        }
    }

    private static Thread run(EngineLoop loop) {
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                loop.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Row numbers of a configuration that does not change are stored as used each day, and those of others are forgotten. */
    @Test
    void eachDayRowsInUseAreStoredAndOthersExpire() throws Exception {
        FakeIpvs kernel = new FakeIpvs();
        Store store = Store.inMemory();
        ServiceKey unused = new ServiceKey.FwmarkKey(AddressFamily.INET, 7);
        RowNumbers before = new RowNumbers(Numbers.of(Map.of(unused, 1), Map.of()), Numbers.none());
        store.rows(before, 100);
        AtomicLong today = new AtomicLong(150);
        BlockingQueue<Event> days = new LinkedBlockingQueue<>();
        Telemetry telemetry = new Telemetry() {
            @Override
            public void handled(Event event, Duration duration) {
                if (event instanceof Event.DayBegan) {
                    days.add(event);
                }
            }
        };
        try (IpvsWriter writer = new IpvsWriter(kernel, store, Optional.empty(), Telemetry.NONE);
                PassiveChecks passive = PassiveChecks.readOnly();
                HostMonitor host = new HostMonitor(listeners(), Set::of, _ -> HostFacts.NONE);
                EventBus bus = new EventBus(_ -> {}, new DryRunReceivers(_ -> {}), Telemetry.NONE)) {
            EngineLoop loop = new EngineLoop(writer, prober, passive, host, bus, telemetry, today::get);
            loop.post(started(kernel, before));
            Thread engine = run(loop);
            assertEquals(new Event.DayBegan(150, RowNumbers.NONE), days.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
            today.set(200);
            assertEquals(new Event.DayBegan(200, before), days.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
            RowNumbers rows = loop.state().rows();
            assertEquals(0, rows.table().of(unused));
            assertEquals(1, rows.table().rows().size());
            CompletableFuture<RowNumbers> stored = new CompletableFuture<>();
            writer.store(s -> stored.complete(s.state().rows(290)));
            assertEquals(rows, stored.get(PATIENCE_SECONDS, TimeUnit.SECONDS), "as used on day 200");
            loop.post(new Event.StopRequested());
            engine.join();
        }
    }

    private void log(DaemonEvent event) {
        if (event.name().equals("rs.down")) {
            try {
                removedBeforeTheLog.complete(removed.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether the server was added, and the kernel is free for another change. */
    private static boolean isInTable(EngineState state) {
        return state.table().busyFor(System.nanoTime()).isZero()
                && state.table().actual().values().stream()
                        .anyMatch(service -> !service.destinations().isEmpty());
    }

    private static Event.Started started(FakeIpvs kernel) {
        return started(kernel, RowNumbers.NONE);
    }

    private static Event.Started started(FakeIpvs kernel, RowNumbers rows) {
        return new Event.Started(
                World.config(vs("", rs("10.0.0.11:80", ""))),
                kernel.read(),
                StoredResults.Trusted.NONE,
                Map.of(),
                Map.of(),
                Map.of(),
                Set.of(),
                KernelJournal.NONE,
                rows,
                HostFacts.NONE,
                Map.of(),
                false,
                Instant.now());
    }

    /** Its probes end when the test says so. */
    private static final class Held implements Prober {
        private final BlockingQueue<Start> probes;

        Held(BlockingQueue<Start> probes) {
            this.probes = probes;
        }

        @Override
        public void probe(List<Start> starts) {
            probes.addAll(starts);
        }

        @Override
        public void close() {
            // It has nothing open.
        }
    }

    private static SorryListeners listeners() {
        return new SorryListeners(new RecordingSorryServer());
    }
}
