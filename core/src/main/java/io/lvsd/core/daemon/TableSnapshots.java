package io.lvsd.core.daemon;

import io.lvsd.core.engine.EngineState;
import io.lvsd.ipvs.IpvsSnapshot;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The table with counters of a limited age, for everything that shows them. The readings of the engine are used as long as they are
 * recent enough; otherwise one bulk reading serves all requests of that time. Thread-safe.
 */
final class TableSnapshots {
    /** A request waits no longer for a reading; it is answered from the last one. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Supplier<EngineState> engine;
    private final Supplier<CompletableFuture<IpvsSnapshot>> reader;

    // guarded by this
    private @Nullable IpvsSnapshot own;
    private long ownAt;
    private @Nullable CompletableFuture<IpvsSnapshot> reading;

    /**
     * Makes a source of snapshots.
     *
     * @param engine the latest state
     * @param reader reads the whole table, on another thread
     */
    TableSnapshots(Supplier<EngineState> engine, Supplier<CompletableFuture<IpvsSnapshot>> reader) {
        this.engine = engine;
        this.reader = reader;
    }

    /**
     * The table; complete if a reading is recent enough, else within some 100 ms.
     *
     * @param maxAge age of the counters
     */
    synchronized CompletableFuture<IpvsSnapshot> of(Duration maxAge) {
        EngineState state = engine.get();
        long engineAt = state.table().readAt();
        IpvsSnapshot known = own;
        boolean ownIsNewer = known != null && ownAt - engineAt > 0;
        IpvsSnapshot newest =
                ownIsNewer && known != null ? known : state.table().lastRead();
        long age = System.nanoTime() - (ownIsNewer ? ownAt : engineAt);
        if (age <= maxAge.toNanos()) {
            return CompletableFuture.completedFuture(newest);
        }
        return read().copy()
                .completeOnTimeout(newest, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(_ -> newest);
    }

    /** The reading in progress, or a new one. */
    private CompletableFuture<IpvsSnapshot> read() {
        CompletableFuture<IpvsSnapshot> current = reading;
        if (current == null || current.isDone()) {
            long begin = System.nanoTime();
            current = reader.get().thenApply(table -> taken(table, begin));
            reading = current;
        }
        return current;
    }

    private synchronized IpvsSnapshot taken(IpvsSnapshot table, long begin) {
        own = table;
        ownAt = begin;
        return table;
    }
}
