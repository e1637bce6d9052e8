package io.lvsd.core.loop;

import io.lvsd.core.engine.Event;
import io.lvsd.core.engine.ReadScope;
import io.lvsd.core.plan.ReadingDifference;
import io.lvsd.ipvs.IpvsClient;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * Reads a large table in parts, so that commands wait for a part at most, not for the whole table. A service and its
 * destinations are always read together. Used by one thread.
 */
public final class TableRound {
    /** A part ends after this CPU time; a table that takes longer is read in parts. */
    private static final long PART = Duration.ofMillis(20).toNanos();

    private final IpvsClient client;
    private final LongSupplier cpuNanos;
    /** Services as they were read last. */
    private PSortedMap<ServiceKey, ServiceState> services = TreePMap.empty();
    /** The services of this reading of the table that were not read yet. */
    private final Deque<ServiceKey> left = new ArrayDeque<>();

    private boolean isKnown;
    private boolean isLarge;
    /** The CPU time of the parts of this reading. */
    private long spent;

    /** @param cpuNanos the CPU time of the calling thread, in nanoseconds */
    public TableRound(IpvsClient client, LongSupplier cpuNanos) {
        this.client = client;
        this.cpuNanos = cpuNanos;
    }

    /**
     * Reads the table or a part of it.
     *
     * @throws io.lvsd.ipvs.netlink.NetlinkException as {@link IpvsClient#read()}; the next reading is one of the whole table
     */
    public Event.KernelRead read(ReadScope scope) {
        boolean wasKnown = isKnown;
        isKnown = false;
        long start = cpuNanos.getAsLong();
        Event.KernelRead reading = switch (scope) {
            case ReadScope.Services(var keys) when wasKnown -> some(keys, start);
            case ReadScope.Next(var changed) when wasKnown && (isLarge || !left.isEmpty()) -> part(changed, start);
            default -> whole(start);
        };
        isKnown = true;
        return reading;
    }

    private Event.KernelRead whole(long start) {
        IpvsSnapshot table = client.read();
        services = table.services();
        left.clear();
        long nanos = cpuNanos.getAsLong() - start;
        isLarge = nanos > PART;
        return new Event.KernelRead(table, nanos);
    }

    private Event.KernelRead some(Collection<ServiceKey> keys, long start) {
        take(keys);
        return part(Set.copyOf(keys), false, start);
    }

    private Event.KernelRead part(Set<ServiceKey> changed, long start) {
        Set<ServiceKey> read = new HashSet<>();
        if (left.isEmpty()) {
            begin(changed);
        }
        boolean isEnough = left.isEmpty();
        while (!isEnough) {
            ServiceKey key = left.remove();
            take(List.of(key));
            read.add(key);
            isEnough = left.isEmpty() || cpuNanos.getAsLong() - start >= PART;
        }
        Event.KernelRead reading = part(read, left.isEmpty(), start);
        spent += reading.cpuNanos();
        isLarge = !left.isEmpty() || spent > PART;
        return reading;
    }

    /** Lists the services. One that is not listed may still be there, as a listing is not atomic: it is read to find out. */
    private void begin(Set<ServiceKey> changed) {
        spent = 0;
        SequencedSet<ServiceKey> keys = new LinkedHashSet<>(client.list());
        keys.addAll(services.keySet());
        keys.addAll(changed);
        left.addAll(keys);
    }

    private Event.KernelRead part(Set<ServiceKey> read, boolean completes, long start) {
        IpvsSnapshot table = IpvsSnapshot.of(client.globals(), services);
        return new Event.KernelRead(table, Optional.of(read), completes, cpuNanos.getAsLong() - start);
    }

    /** Reads some services. */
    private void take(Collection<ServiceKey> keys) {
        services = ReadingDifference.merged(services, keys, client.read(keys));
    }
}
