package io.lvsd.core.daemon;

import io.lvsd.core.engine.EngineState;
import io.lvsd.ipvs.IpvsSnapshot;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
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
    private final LongSupplier clock;

    // guarded by this
    private @Nullable Reading own;
    private @Nullable CompletableFuture<Reading> reading;

    /**
     * The table at a time.
     *
     * @param at all of it was read after this time, in nanoseconds of the clock
     */
    record Reading(IpvsSnapshot table, long at) {}

    /**
     * Makes a source of snapshots.
     *
     * @param engine the latest state
     * @param reader reads the whole table, on another thread
     * @param clock monotonic nanoseconds, as the engine has them
     */
    TableSnapshots(Supplier<EngineState> engine, Supplier<CompletableFuture<IpvsSnapshot>> reader, LongSupplier clock) {
        this.engine = engine;
        this.reader = reader;
        this.clock = clock;
    }

    /**
     * The table; complete if a reading is recent enough, else within some 100 ms. It is older than {@code maxAge} if a new reading
     * fails or takes long.
     *
     * @param maxAge age of the counters
     */
    synchronized CompletableFuture<Reading> of(Duration maxAge) {
        EngineState state = engine.get();
        Reading ofEngine = new Reading(state.table().lastRead(), state.table().readAt());
        Reading known = own;
        Reading newest = known != null && known.at() - ofEngine.at() > 0 ? known : ofEngine;
        if (clock.getAsLong() - newest.at() <= maxAge.toNanos()) {
            return CompletableFuture.completedFuture(newest);
        }
        return read().copy()
                .completeOnTimeout(newest, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(_ -> newest);
    }

    /** The reading in progress, or a new one. */
    private CompletableFuture<Reading> read() {
        CompletableFuture<Reading> current = reading;
        if (current == null || current.isDone()) {
            long begin = clock.getAsLong();
            current = reader.get().thenApply(table -> taken(new Reading(table, begin)));
            reading = current;
        }
        return current;
    }

    private synchronized Reading taken(Reading done) {
        own = done;
        return done;
    }
}
