package io.lvsd.core.api;

import io.lvsd.core.http.ProblemException;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Reads the IPVS table for clients. A reading occupies the thread that also sends the commands of the engine, so that clients
 * share one, however many there are: readings follow each other after half a second and ten times the duration of a reading.
 * Any thread; blocks.
 */
final class TableReader {
    private static final long MIN_AGE = Duration.ofMillis(500).toNanos();
    private static final long SHARE = 10;

    private final Supplier<IpvsSnapshot> source;
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by the lock
    private Optional<Reading> last = Optional.empty();
    private long shared;

    /** The table, and when it was read. */
    record Reading(IpvsSnapshot table, Instant time) {}

    /** @param source throws NetlinkException */
    TableReader(Supplier<IpvsSnapshot> source) {
        this.source = source;
    }

    /** @throws ProblemException if it cannot be read */
    Reading read() throws ProblemException {
        lock.lock();
        try {
            if (last.isPresent() && shared - System.nanoTime() > 0) {
                return last.get();
            }
            long start = System.nanoTime();
            Reading reading = new Reading(source.get(), Instant.now());
            long end = System.nanoTime();
            shared = end + Math.max(MIN_AGE, SHARE * (end - start));
            last = Optional.of(reading);
            return reading;
        } catch (NetlinkException e) {
            throw ApiProblems.table(e).exception();
        } finally {
            lock.unlock();
        }
    }
}
