package io.lvsd.core.engine;

import io.lvsd.core.plan.Draining;
import io.lvsd.core.plan.Drift;
import io.lvsd.core.plan.IpvsGlobalState;
import io.lvsd.core.plan.WantedService;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.IpvsInfo;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * What is known of the kernel's table and wanted of it.
 *
 * @param lastRead as it was read, with info, timeouts and sync daemons
 * @param actual the last reading, carried on by the commands acknowledged since
 * @param programmed services of ours as commands made them, whatever others did since
 * @param desired from configuration and health
 * @param leaving healthy destinations on their way out
 * @param globals timeouts and sync daemons
 * @param flush whether services of others leave once ours stand
 * @param owned services that may be touched
 * @param dirty services to plan for when the kernel is free
 * @param drifts what others did, already told
 * @param incidents how often that happened since the start, by its kind
 * @param failures what fails again and again, already reported
 * @param backoff when services whose commands failed are planned again
 * @param busy whether a reading or a plan is under way
 * @param waitForRead whether nothing may be planned before the next reading
 * @param readAt when the last reading began, monotonic nanoseconds
 * @param nextRead when to read, monotonic nanoseconds
 */
public record TableState(
        IpvsSnapshot lastRead,
        PMap<ServiceKey, ServiceState> actual,
        PMap<ServiceKey, ServiceState> programmed,
        PMap<ServiceKey, WantedService> desired,
        PMap<ServiceKey, PMap<DestinationKey, Draining>> leaving,
        IpvsGlobalState globals,
        boolean flush,
        PSet<ServiceKey> owned,
        PSet<ServiceKey> dirty,
        Set<Drift> drifts,
        PMap<String, Long> incidents,
        Failures failures,
        Backoff backoff,
        boolean busy,
        boolean waitForRead,
        long readAt,
        long nextRead) {
    static final TableState EMPTY = new TableState(
            new IpvsSnapshot(new IpvsInfo("", 0), new IpvsTimeouts(0, 0, 0), List.of(), new TreeMap<>()),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            IpvsGlobalState.EMPTY,
            false,
            HashTreePSet.empty(),
            HashTreePSet.empty(),
            Set.of(),
            HashTreePMap.empty(),
            Failures.NONE,
            Backoff.NONE,
            false,
            false,
            0,
            0);

    /** Without a command or a reading under way. */
    TableState idle() {
        return new TableState(
                lastRead,
                actual,
                programmed,
                desired,
                leaving,
                globals,
                flush,
                owned,
                dirty,
                drifts,
                incidents,
                failures,
                backoff,
                false,
                false,
                readAt,
                nextRead);
    }

    /** What a service looks like after a command was carried out; null: it is gone. */
    static PMap<ServiceKey, ServiceState> after(PMap<ServiceKey, ServiceState> services, IpvsCommand command) {
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

    private static PMap<ServiceKey, ServiceState> with(
            PMap<ServiceKey, ServiceState> services,
            ServiceKey key,
            java.util.function.UnaryOperator<ServiceState> change) {
        ServiceState known = services.get(key);
        return known == null ? services : services.plus(key, change.apply(known));
    }
}
