package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * The state of the daemon. Immutable, with structure shared from step to step, so it is also the snapshot that status and SNMP
 * read.
 *
 * @param owners the virtual server of each configured service, those included that only carry probes
 * @param timed virtual servers that change with time, as a real server is in slow start or retained, or its
 *     maintenance has an end
 */
public record EngineState(
        DaemonConfig config,
        PMap<VsId, VsState> servers,
        SorryState sorry,
        TableState table,
        PMap<ServiceKey, VsId> owners,
        RowNumbers rows,
        Phase phase,
        PSet<VsId> timed,
        MaintenanceState maintenance,
        StateChanges changes) {
    public static final EngineState EMPTY = new EngineState(
            DaemonConfig.EMPTY,
            HashTreePMap.empty(),
            SorryState.EMPTY,
            TableState.EMPTY,
            HashTreePMap.empty(),
            RowNumbers.NONE,
            Phase.STARTING,
            HashTreePSet.empty(),
            MaintenanceState.EMPTY,
            StateChanges.NONE);

    /** Whether the table was read, and a configuration is in effect. */
    public boolean isStarted() {
        return phase != Phase.STARTING;
    }

    /** The phase of the daemon's life. */
    public enum Phase {
        STARTING,
        RUNNING,
        STOPPING,
        STOPPED
    }

    public Optional<VsState> server(VsId id) {
        return Optional.ofNullable(servers.get(id));
    }

    public Optional<CheckState> check(CheckId id) {
        return server(id.vs()).flatMap(vs -> vs.check(id));
    }

    /** With some services as they are in the table now; one without an entry is not there. They have to be planned again. */
    EngineState read(Set<ServiceKey> services, Map<ServiceKey, ServiceState> found) {
        TableState read = table.read(services, found);
        return new EngineState(config, servers, sorry, read, owners, rows, phase, timed, maintenance, changes);
    }

    /** Without a command or a reading in progress. */
    EngineState idle() {
        return new EngineState(config, servers, sorry, table.idle(), owners, rows, phase, timed, maintenance, changes);
    }
}
