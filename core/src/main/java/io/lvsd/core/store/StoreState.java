package io.lvsd.core.store;

import io.lvsd.conf.model.VsId;
import io.lvsd.core.model.KernelJournal;
import io.lvsd.core.model.MaintenanceEntry;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.StoredResult;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The state that the records of a store add up to. Used by one thread. */
public final class StoreState {
    /** If more engines of SNMPv3 were started, the number of starts of the one that was not started for longest is forgotten. */
    private static final int MAX_SNMP_ENGINES = 16;

    private final Map<String, StoredResult> results = new LinkedHashMap<>();
    private final Map<String, StoredResult> quorums = new LinkedHashMap<>();
    private final Map<RsRef, RsOverride> overrides = new LinkedHashMap<>();
    private final Map<VsId, MaintenanceEntry> maintenance = new LinkedHashMap<>();
    private final Set<ServiceKey> owned = new LinkedHashSet<>();
    private final StoredRows<ServiceKey, DestinationKey> tableRows = new StoredRows<>();
    private final StoredRows<VsId, String> serverRows = new StoredRows<>();
    private final Map<String, String> sysctls = new LinkedHashMap<>();
    private KernelJournal kernel = KernelJournal.NONE;
    /** By their ids, in the order of their last starts. */
    private final LinkedHashMap<String, StoreRecord.SnmpEngine> snmpEngines = new LinkedHashMap<>();

    private StoreRecord.Heartbeat heartbeat = new StoreRecord.Heartbeat("", 0);

    /** States of checks, by the text of the check's identity. */
    public Map<String, StoredResult> results() {
        return Map.copyOf(results);
    }

    /** States of quorums, by the text of the virtual server's identity. */
    public Map<String, StoredResult> quorums() {
        return Map.copyOf(quorums);
    }

    /** Overrides that operators have set. */
    public Map<RsRef, RsOverride> overrides() {
        return Map.copyOf(overrides);
    }

    /** Maintenance of virtual servers. */
    public Map<VsId, MaintenanceEntry> maintenance() {
        return Map.copyOf(maintenance);
    }

    /** Changes of global IPVS settings that are to be restored. */
    public KernelJournal kernel() {
        return kernel;
    }

    public Set<ServiceKey> owned() {
        return Set.copyOf(owned);
    }

    /** Kernel settings before lvsd changed them, by path below /proc/sys. */
    public Map<String, String> sysctls() {
        return Map.copyOf(sysctls);
    }

    /** Row numbers that were used within the last 90 days. */
    public RowNumbers rows(long today) {
        return new RowNumbers(tableRows.valid(today), serverRows.valid(today));
    }

    /** Row numbers that were not used within the last 90 days. */
    public RowNumbers expiredRows(long today) {
        return new RowNumbers(tableRows.expired(today), serverRows.expired(today));
    }

    /** The id of the engine of SNMPv3 that was started last. */
    Optional<String> lastSnmpEngine() {
        return snmpEngines.isEmpty()
                ? Optional.empty()
                : Optional.of(snmpEngines.sequencedKeySet().getLast());
    }

    /** How often an engine of SNMPv3 was started. */
    int snmpBoots(String id) {
        StoreRecord.SnmpEngine known = snmpEngines.get(id);
        return known == null ? 0 : known.boots();
    }

    /** Time since the results were last valid, in milliseconds; -1 if that was before this boot. */
    public long ageMillis(String currentBootId, long currentUptimeMillis) {
        return heartbeat.bootId().equals(currentBootId)
                ? Math.max(0, currentUptimeMillis - heartbeat.uptimeMillis())
                : -1;
    }

    void apply(StoreRecord change) {
        switch (change) {
            case StoreRecord.Result(var check, var result) -> results.put(check, result);
            case StoreRecord.Quorum(var server, var result) -> quorums.put(server, result);
            case StoreRecord.QuorumRemoved(var server) -> quorums.remove(server);
            case StoreRecord.ResultRemoved(var check) -> results.remove(check);
            case StoreRecord.Owned(var service) -> owned.add(service);
            case StoreRecord.Disowned(var service) -> owned.remove(service);
            case StoreRecord.Kernel(var journal) -> kernel = journal;
            case StoreRecord.ServerOverride(var server, var value) -> apply(server, value);
            case StoreRecord.ServerMaintenance(var server, var entry) -> maintenance.put(server, entry);
            case StoreRecord.MaintenanceRemoved(var server) -> maintenance.remove(server);
            case StoreRecord.Heartbeat last -> heartbeat = last;
            case StoreRecord.Sysctl(var path, var original) -> sysctls.put(path, original);
            case StoreRecord.SysctlRestored(var path) -> sysctls.remove(path);
            case StoreRecord.ServiceRow(var service, int number, long day) -> tableRows.put(service, number, day);
            case StoreRecord.DestinationRow(var service, var destination, int number, long day) ->
                tableRows.put(service, destination, number, day);
            case StoreRecord.VirtualRow(var server, int number, long day) -> serverRows.put(server, number, day);
            case StoreRecord.RealRow(var server, var real, int number, long day) ->
                serverRows.put(server, real, number, day);
            case StoreRecord.RowsForgotten(long day) -> {
                tableRows.forget(day);
                serverRows.forget(day);
            }
            case StoreRecord.SnmpEngine engine -> apply(engine);
        }
    }

    private void apply(StoreRecord.SnmpEngine engine) {
        snmpEngines.putLast(engine.id(), engine);
        if (snmpEngines.size() > MAX_SNMP_ENGINES) {
            snmpEngines.pollFirstEntry();
        }
    }

    private void apply(RsRef server, RsOverride value) {
        if (value.isNone()) {
            overrides.remove(server);
        } else {
            overrides.put(server, value);
        }
    }

    /** The shortest list of records that adds up to this state. */
    List<StoreRecord> records() {
        List<StoreRecord> records = new ArrayList<>();
        owned.forEach(key -> records.add(new StoreRecord.Owned(key)));
        results.forEach((check, result) -> records.add(new StoreRecord.Result(check, result)));
        quorums.forEach((server, result) -> records.add(new StoreRecord.Quorum(server, result)));
        if (!kernel.equals(KernelJournal.NONE)) {
            records.add(new StoreRecord.Kernel(kernel));
        }
        overrides.forEach((server, value) -> records.add(new StoreRecord.ServerOverride(server, value)));
        maintenance.forEach((server, entry) -> records.add(new StoreRecord.ServerMaintenance(server, entry)));
        sysctls.forEach((path, original) -> records.add(new StoreRecord.Sysctl(path, original)));
        records.addAll(tableRows.records(StoreRecord.ServiceRow::new, StoreRecord.DestinationRow::new));
        records.addAll(serverRows.records(StoreRecord.VirtualRow::new, StoreRecord.RealRow::new));
        records.addAll(snmpEngines.values());
        if (!heartbeat.bootId().isEmpty()) {
            records.add(heartbeat);
        }
        return records;
    }

    /** Records for row numbers that are in use and were last recorded on an earlier day. */
    List<StoreRecord> useRecords(RowNumbers used, long today) {
        List<StoreRecord> records = new ArrayList<>(
                tableRows.uses(used.table(), today, StoreRecord.ServiceRow::new, StoreRecord.DestinationRow::new));
        records.addAll(serverRows.uses(used.servers(), today, StoreRecord.VirtualRow::new, StoreRecord.RealRow::new));
        return records;
    }

    /** Records for row numbers that are new or changed. */
    List<StoreRecord> rowRecords(RowNumbers rows, long today) {
        List<StoreRecord> records = new ArrayList<>(
                tableRows.changes(rows.table(), today, StoreRecord.ServiceRow::new, StoreRecord.DestinationRow::new));
        records.addAll(
                serverRows.changes(rows.servers(), today, StoreRecord.VirtualRow::new, StoreRecord.RealRow::new));
        return records;
    }
}
