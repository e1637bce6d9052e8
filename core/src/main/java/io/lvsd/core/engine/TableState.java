package io.lvsd.core.engine;

import io.lvsd.core.plan.Draining;
import io.lvsd.core.plan.Drift;
import io.lvsd.core.plan.WantedService;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The IPVS table: what it should contain, what it contains, and what stands between the two.
 *
 * @param failures commands, readings and sorry servers that fail again and again
 * @param backoff when services whose commands failed are planned again
 * @param shadow present if another program maintains the table, which is then only read and compared
 */
public record TableState(
        KernelTable kernel,
        WantedTable wanted,
        Ownership ownership,
        DrainingDestinations draining,
        Failures failures,
        Backoff backoff,
        KernelAccess access,
        Optional<ShadowTable> shadow) {
    static final TableState EMPTY = new TableState(
            KernelTable.EMPTY,
            WantedTable.EMPTY,
            Ownership.EMPTY,
            DrainingDestinations.NONE,
            Failures.NONE,
            Backoff.NONE,
            KernelAccess.IDLE,
            Optional.empty());

    /** The last reading, with counters, timeouts and sync daemons. */
    public IpvsSnapshot lastRead() {
        return kernel.lastRead();
    }

    /** Every service of the last reading was read after this time, in monotonic nanoseconds. */
    public long readAt() {
        return kernel.readAt();
    }

    /** Services of the last reading, updated by each command acknowledged since. */
    public Map<ServiceKey, ServiceState> actual() {
        return kernel.actual();
    }

    public Map<ServiceKey, WantedService> desired() {
        return wanted.desired();
    }

    /** How many changes by others were found since the start, by their kind. */
    public Map<String, Long> incidents() {
        return ownership.incidents();
    }

    /** Present changes by others. */
    public Set<Drift> drifts() {
        return ownership.drifts();
    }

    /** How long the kernel has not answered a reading or a plan; zero if none is under way. */
    public Duration busyFor(long now) {
        return access.busy() ? Duration.ofNanos(now - access.since()) : Duration.ZERO;
    }

    /** Healthy destinations that are being removed. */
    public Map<ServiceKey, ? extends Map<DestinationKey, Draining>> drainingDestinations() {
        return draining.byService();
    }

    /** With some services as they are in the table now; those of ours among them have to be planned. */
    TableState read(Set<ServiceKey> services, Map<ServiceKey, ServiceState> found) {
        List<ServiceKey> ours =
                services.stream().filter(ownership.owned()::contains).toList();
        return new TableState(
                kernel.with(services, found),
                wanted.withDirty(wanted.dirty().plusAll(ours)),
                ownership.touched(services),
                draining,
                failures,
                backoff,
                access,
                shadow);
    }

    /** Without a command or a reading under way. */
    TableState idle() {
        return new TableState(kernel, wanted, ownership, draining, failures, backoff, access.idle(), shadow);
    }
}
