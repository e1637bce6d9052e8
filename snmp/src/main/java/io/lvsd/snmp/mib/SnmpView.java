package io.lvsd.snmp.mib;

import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What SNMP shows of one moment.
 *
 * @param table the IPVS table with its counters, without services that only carry probes
 * @param serviceRows number of each service, from 1
 * @param destinationRows number of each destination within its service, from 1
 * @param servers the configuration and the states of its servers; called once, by the first request for them
 */
public record SnmpView(
        IpvsSnapshot table,
        Map<ServiceKey, Integer> serviceRows,
        Map<ServiceKey, ? extends Map<DestinationKey, Integer>> destinationRows,
        Supplier<ServerViews> servers) {
    /** The row numbers of the destinations of one service. */
    Map<DestinationKey, Integer> rowsOf(ServiceKey service) {
        Map<DestinationKey, Integer> rows = destinationRows.get(service);
        return rows == null ? Map.of() : rows;
    }
}
