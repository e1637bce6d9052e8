package io.lvsd.core.loop;

import io.lvsd.conf.source.IoReason;
import io.lvsd.core.engine.Event;
import io.lvsd.core.engine.ReadScope;
import io.lvsd.core.plan.Plan;
import io.lvsd.core.store.Store;
import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.IpvsClient;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.ffm.Libc;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.netlink.NetNamespace;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that writes the table and the store, so that ownership is stored before a service is created. */
public final class IpvsWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IpvsWriter.class);

    private final IpvsClient client;
    private final Store store;
    private final TableRound round;
    private final ExecutorService thread;
    private final Telemetry telemetry;

    /** @param namespace network namespace of the table; empty: this thread's */
    public IpvsWriter(IpvsClient client, Store store, Optional<String> namespace, Telemetry telemetry) {
        this.telemetry = telemetry;
        this.client = client;
        this.round = new TableRound(client, Libc::threadCpuNanos);
        this.store = store;
        ThreadFactory threads = Thread.ofPlatform().name("ipvs").daemon().factory();
        this.thread = Executors.newSingleThreadExecutor(work -> threads.newThread(() -> {
            namespace.ifPresent(NetNamespace::enter);
            work.run();
        }));
    }

    /** Reads the table or a part of it and posts the result. */
    void read(ReadScope scope, Consumer<Event> engine) {
        thread.execute(() -> {
            long start = System.nanoTime();
            try {
                Event.KernelRead reading = round.read(scope);
                telemetry.tableRead(Duration.ofNanos(System.nanoTime() - start));
                engine.accept(reading);
            } catch (RuntimeException e) {
                engine.accept(failed(e));
            }
        });
    }

    /** Sends a plan in its two stages and posts the results. */
    void apply(Plan plan, Consumer<Event> engine) {
        thread.execute(() -> {
            try {
                List<Event.Result> results = new ArrayList<>();
                List<ApplyResult> added = send(plan.adds(), results);
                send(plan.removalsAfter(added), results);
                engine.accept(new Event.Applied(plan, List.copyOf(results)));
            } catch (RuntimeException e) {
                engine.accept(failed(e));
            }
        });
    }

    /** After a broken link or a bug the engine must not wait for an answer that never comes. */
    private Event failed(RuntimeException e) {
        telemetry.tableFailed(e instanceof NetlinkException failure ? failure.errno() : 0);
        if (!(e instanceof NetlinkException)) {
            LOG.atError()
                    .addKeyValue("reason", "unexpected exception")
                    .setCause(e)
                    .log("ipvs_writer.failed");
        }
        return new Event.KernelFailed(IoReason.of(e));
    }

    private List<ApplyResult> send(List<IpvsCommand> commands, List<Event.Result> results) {
        long start = System.nanoTime();
        List<ApplyResult> outcome = client.apply(commands);
        List<Event.Result> sent = new ArrayList<>(commands.size());
        for (int i = 0; i < commands.size(); i++) {
            sent.add(new Event.Result(commands.get(i), outcome.get(i)));
        }
        if (!sent.isEmpty()) {
            telemetry.tableWritten(sent, Duration.ofNanos(System.nanoTime() - start));
        }
        results.addAll(sent);
        return outcome;
    }

    /** Reads the table for another thread. */
    public CompletableFuture<IpvsSnapshot> readNow() {
        return CompletableFuture.supplyAsync(client::read, thread);
    }

    /** Reads some services for another thread; one that is not in the table has no entry. */
    public CompletableFuture<SortedMap<ServiceKey, ServiceState>> readNow(Collection<ServiceKey> keys) {
        return CompletableFuture.supplyAsync(() -> client.read(keys), thread);
    }

    /** Writes to the store, after everything that was requested before. */
    public void store(Consumer<Store> writing) {
        thread.execute(() -> writing.accept(store));
    }

    /** Ends the thread after everything that was requested. */
    @Override
    public void close() {
        thread.execute(() -> {
            client.close();
            store.close();
        });
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
