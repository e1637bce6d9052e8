package io.lvsd.core.store;

import io.lvsd.core.model.KernelJournal;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.StoredResult;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The state that the records of a store add up to. Used by one thread. */
public final class StoreState {
    /** A row number that was not used for this time is assigned again. */
    private static final long FORGET_ROWS_DAYS = 90;

    private final Map<String, StoredResult> results = new LinkedHashMap<>();
    private final Map<String, StoredResult> quorums = new LinkedHashMap<>();
    private final Map<RsRef, RsOverride> overrides = new LinkedHashMap<>();
    private final Set<ServiceKey> owned = new LinkedHashSet<>();
    private final Map<ServiceKey, Row> serviceRows = new LinkedHashMap<>();
    private final Map<ServiceKey, Map<DestinationKey, Row>> destinationRows = new LinkedHashMap<>();
    private final Map<String, String> sysctls = new LinkedHashMap<>();
    private KernelJournal kernel = KernelJournal.NONE;
    private StoreRecord.Heartbeat heartbeat = new StoreRecord.Heartbeat("", 0);

    /** A row number and the last day on which it was used. */
    private record Row(int number, long day) {
        boolean isValid(long today) {
            return today - day <= FORGET_ROWS_DAYS;
        }
    }

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
        Map<ServiceKey, Integer> services = new HashMap<>();
        Map<ServiceKey, Map<DestinationKey, Integer>> destinations = new HashMap<>();
        serviceRows.forEach((key, row) -> {
            if (row.isValid(today)) {
                services.put(key, row.number());
            }
        });
        destinationRows.forEach((key, rows) -> {
            Map<DestinationKey, Integer> valid = new HashMap<>();
            rows.forEach((destination, row) -> {
                if (services.containsKey(key) && row.isValid(today)) {
                    valid.put(destination, row.number());
                }
            });
            destinations.put(key, Map.copyOf(valid));
        });
        return RowNumbers.of(services, destinations);
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
            case StoreRecord.Heartbeat last -> heartbeat = last;
            case StoreRecord.Sysctl(var path, var original) -> sysctls.put(path, original);
            case StoreRecord.SysctlRestored(var path) -> sysctls.remove(path);
            case StoreRecord.ServiceRow(var service, int number, long day) ->
                serviceRows.put(service, new Row(number, day));
            case StoreRecord.DestinationRow(var service, var destination, int number, long day) ->
                destinationRows
                        .computeIfAbsent(service, _ -> new LinkedHashMap<>())
                        .put(destination, new Row(number, day));
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
        sysctls.forEach((path, original) -> records.add(new StoreRecord.Sysctl(path, original)));
        serviceRows.forEach((key, row) -> records.add(new StoreRecord.ServiceRow(key, row.number(), row.day())));
        destinationRows.forEach((key, rows) -> rows.forEach((destination, row) ->
                records.add(new StoreRecord.DestinationRow(key, destination, row.number(), row.day()))));
        if (!heartbeat.bootId().isEmpty()) {
            records.add(heartbeat);
        }
        return records;
    }

    /** Records for row numbers that are new or were last recorded on another day. */
    List<StoreRecord> rowRecords(RowNumbers rows, long today) {
        List<StoreRecord> records = new ArrayList<>();
        rows.services().forEach((key, number) -> {
            if (differs(serviceRows.get(key), number, today)) {
                records.add(new StoreRecord.ServiceRow(key, number, today));
            }
        });
        rows.destinations()
                .forEach((key, numbers) -> numbers.forEach((destination, number) -> {
                    if (differs(destinationRows.getOrDefault(key, Map.of()).get(destination), number, today)) {
                        records.add(new StoreRecord.DestinationRow(key, destination, number, today));
                    }
                }));
        return records;
    }

    private static boolean differs(@Nullable Row known, int number, long today) {
        return known == null || known.number() != number || known.day() != today;
    }
}
