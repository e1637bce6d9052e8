package io.lvsd.core.engine;

import io.lvsd.core.plan.IpvsGlobalState;
import io.lvsd.core.plan.ReadingDifference;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    /** Commands were acknowledged. */
    KernelTable after(List<IpvsCommand> commands) {
        IpvsGlobalState next = globals;
        for (IpvsCommand command : commands) {
            next = next.after(command);
        }
        return new KernelTable(lastRead, after(actual, commands), next, readAt);
    }

    /** Services after commands were carried out; each service is replaced once. */
    static PSortedMap<ServiceKey, ServiceState> after(
            PSortedMap<ServiceKey, ServiceState> services, List<IpvsCommand> commands) {
        Set<ServiceKey> subjects = new HashSet<>();
        Map<ServiceKey, ServiceState> changed = new HashMap<>();
        for (IpvsCommand command : commands) {
            command.subject().filter(subjects::add).ifPresent(key -> {
                ServiceState known = services.get(key);
                if (known != null) {
                    changed.put(key, known);
                }
            });
            carryOut(command, changed);
        }
        return ReadingDifference.merged(services, subjects, changed);
    }

    private static void carryOut(IpvsCommand command, Map<ServiceKey, ServiceState> services) {
        switch (command) {
            case IpvsCommand.NewService(var service) -> services.put(service.key(), ServiceState.empty(service));
            case IpvsCommand.SetService(var service) ->
                services.merge(service.key(), ServiceState.empty(service), (known, _) -> known.withConfig(service));
            case IpvsCommand.DelService(var key) -> services.remove(key);
            case IpvsCommand.NewDest(var key, var destination) ->
                services.computeIfPresent(key, (_, s) -> s.with(destination));
            case IpvsCommand.SetDest(var key, var destination) ->
                services.computeIfPresent(key, (_, s) -> s.with(destination));
            case IpvsCommand.DelDest(var key, var destination) ->
                services.computeIfPresent(key, (_, s) -> s.without(destination));
            case IpvsCommand.NewDaemon _,
                    IpvsCommand.DelDaemon _,
                    IpvsCommand.SetTimeouts _,
                    IpvsCommand.Zero _,
                    IpvsCommand.ZeroAll _ -> {
                // No service has another configuration.
            }
        }
    }
}
