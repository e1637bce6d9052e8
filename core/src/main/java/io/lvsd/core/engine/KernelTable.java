package io.lvsd.core.engine;

import io.lvsd.core.plan.IpvsGlobalState;
import io.lvsd.core.plan.ReadingDifference;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * What is known of the kernel's table: the last reading, and the effect of the commands that were acknowledged since.
 *
 * @param lastRead the reading itself, with info, timeouts, sync daemons and counters
 * @param actual services of the last reading, updated by each acknowledged command; shared with the reading until then
 * @param globals connection timeouts and sync daemons, updated likewise
 * @param readAt every service was read after this time, in monotonic nanoseconds
 */
record KernelTable(
        IpvsSnapshot lastRead, PSortedMap<ServiceKey, ServiceState> actual, IpvsGlobalState globals, long readAt) {
    static final KernelTable EMPTY = new KernelTable(IpvsSnapshot.EMPTY, TreePMap.empty(), IpvsGlobalState.EMPTY, 0);

    /**
     * Takes over a reading; it replaces all that was known of the services that were read.
     *
     * @param part the services that were read or found to be missing; empty: all
     * @param completeSince every service was read after this time
     */
    KernelTable read(IpvsSnapshot snapshot, Optional<Set<ServiceKey>> part, long completeSince) {
        PSortedMap<ServiceKey, ServiceState> services = part.map(
                        keys -> ReadingDifference.merged(actual, keys, snapshot.services()))
                .orElse(snapshot.services());
        return new KernelTable(snapshot, services, globals.read(snapshot), completeSince);
    }

    /** With some services as they are now; one without an entry is not in the table. */
    KernelTable with(Set<ServiceKey> services, Map<ServiceKey, ServiceState> found) {
        return new KernelTable(lastRead, ReadingDifference.merged(actual, services, found), globals, readAt);
    }

    KernelTable with(IpvsGlobalState next) {
        return new KernelTable(lastRead, actual, next, readAt);
    }

    /** A command was acknowledged. */
    KernelTable after(IpvsCommand command) {
        return new KernelTable(lastRead, after(actual, command), globals.after(command), readAt);
    }

    /** Services after a command was carried out. */
    static PSortedMap<ServiceKey, ServiceState> after(
            PSortedMap<ServiceKey, ServiceState> services, IpvsCommand command) {
        return switch (command) {
            case IpvsCommand.NewService(var service) -> services.plus(service.key(), ServiceState.empty(service));
            case IpvsCommand.SetService(var service) -> {
                ServiceState known = services.get(service.key());
                yield services.plus(
                        service.key(), known == null ? ServiceState.empty(service) : known.withConfig(service));
            }
            case IpvsCommand.DelService(var key) -> services.minus(key);
            case IpvsCommand.NewDest(var key, var destination) -> with(services, key, s -> s.with(destination));
            case IpvsCommand.SetDest(var key, var destination) -> with(services, key, s -> s.with(destination));
            case IpvsCommand.DelDest(var key, var destination) -> with(services, key, s -> s.without(destination));
            case IpvsCommand.NewDaemon _,
                    IpvsCommand.DelDaemon _,
                    IpvsCommand.SetTimeouts _,
                    IpvsCommand.Zero _,
                    IpvsCommand.ZeroAll _ -> services;
        };
    }

    private static PSortedMap<ServiceKey, ServiceState> with(
            PSortedMap<ServiceKey, ServiceState> services, ServiceKey key, UnaryOperator<ServiceState> change) {
        ServiceState known = services.get(key);
        return known == null ? services : services.plus(key, change.apply(known));
    }
}
