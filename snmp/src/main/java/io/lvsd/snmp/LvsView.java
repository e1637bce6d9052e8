package io.lvsd.snmp;

import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.Map;

/**
 * A snapshot of the table for the MIB.
 *
 * @param serviceRows row number of each service, from 1
 * @param destinationRows row number of each destination within its service, from 1
 */
public record LvsView(
        IpvsSnapshot table,
        Map<ServiceKey, Integer> serviceRows,
        Map<ServiceKey, ? extends Map<DestinationKey, Integer>> destinationRows) {
    /** The row numbers of the destinations of one service. */
    Map<DestinationKey, Integer> rowsOf(ServiceKey service) {
        Map<DestinationKey, Integer> rows = destinationRows.get(service);
        return rows == null ? Map.of() : rows;
    }
}
