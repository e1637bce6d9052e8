package io.lvsd.core.engine;

import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.Numbers.Pins;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What of the configuration has rows in SNMP, and the numbers that {@code snmp_index} demands. Pure. */
final class RowPins {
    private RowPins() {}

    /** The rows of services: those of virtual servers in the order of the file, then what else is in the table. */
    static Map<ServiceKey, Collection<DestinationKey>> seen(
            List<VirtualServerConfig> servers, Map<ServiceKey, ServiceState> present) {
        Map<ServiceKey, Collection<DestinationKey>> seen = new LinkedHashMap<>();
        for (VirtualServerConfig server : servers) {
            for (ServiceKey key : Translation.keys(server)) {
                Set<DestinationKey> keys = new LinkedHashSet<>();
                server.realServers().forEach(rs -> keys.add(DesiredState.key(key, rs)));
                seen.put(key, keys);
            }
        }
        present.entrySet().stream()
                .filter(e -> !Translation.isPath(e.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> seen.computeIfAbsent(e.getKey(), _ -> new LinkedHashSet<>())
                        .addAll(e.getValue().destinations().keySet()));
        return seen;
    }

    /** The rows of virtual servers: real servers in their order, then the sorry server. */
    static Map<VsId, Collection<String>> seen(List<VirtualServerConfig> servers) {
        Map<VsId, Collection<String>> seen = new LinkedHashMap<>();
        for (VirtualServerConfig server : servers) {
            List<String> reals = new ArrayList<>(server.realServers().size() + 1);
            server.realServers().forEach(rs -> reals.add(rs.id().toString()));
            server.sorry().ifPresent(_ -> reals.add(RowNumbers.SORRY));
            seen.put(server.id(), reals);
        }
        return seen;
    }

    static Pins<VsId, String> servers(List<VirtualServerConfig> servers) {
        Map<VsId, Integer> rows = new HashMap<>();
        Map<VsId, Map<String, Integer>> members = new HashMap<>();
        for (VirtualServerConfig server : servers) {
            server.snmpIndex().ifPresent(number -> rows.put(server.id(), number));
            put(members, server.id(), pins(server, rs -> rs.id().toString()));
        }
        return new Pins<>(rows, members);
    }

    /** The index of a virtual server is that of its service, if it has one service only; that of a real server, of its destinations. */
    static Pins<ServiceKey, DestinationKey> table(List<VirtualServerConfig> servers) {
        Map<ServiceKey, Integer> rows = new HashMap<>();
        Map<ServiceKey, Map<DestinationKey, Integer>> members = new HashMap<>();
        for (VirtualServerConfig server : servers) {
            List<ServiceKey> keys = Translation.keys(server);
            if (keys.size() == 1) {
                server.snmpIndex().ifPresent(number -> rows.put(keys.getFirst(), number));
            }
            keys.forEach(key -> put(members, key, pins(server, rs -> DesiredState.key(key, rs))));
        }
        return new Pins<>(rows, members);
    }

    private static <K, M> void put(Map<K, Map<M, Integer>> members, K key, Map<M, Integer> pins) {
        if (!pins.isEmpty()) {
            members.put(key, pins);
        }
    }

    private static <M> Map<M, Integer> pins(VirtualServerConfig server, Function<RealServerConfig, M> name) {
        Map<M, Integer> pins = new HashMap<>();
        for (RealServerConfig rs : server.realServers()) {
            rs.snmpIndex().ifPresent(number -> pins.put(name.apply(rs), number));
        }
        return pins;
    }
}
