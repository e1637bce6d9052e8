package io.lvsd.core.plan;

import io.lvsd.conf.model.VsId;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;

/**
 * Row numbers in SNMP: assigned from 1 at first sight and kept by identity, so that a graph never shows another server.
 *
 * @param table services and destinations, of LVS-MIB
 * @param servers virtual servers and their real servers, which are named by the text of their identity, of KEEPALIVED-MIB
 */
public record RowNumbers(Numbers<ServiceKey, DestinationKey> table, Numbers<VsId, String> servers) {
    /** Stands for the sorry server among the real servers of a virtual server. */
    public static final String SORRY = "sorry";

    public static final RowNumbers NONE = new RowNumbers(Numbers.none(), Numbers.none());

    /** With other numbers of services and destinations. */
    public RowNumbers withTable(Numbers<ServiceKey, DestinationKey> next) {
        return next.equals(table) ? this : new RowNumbers(next, servers);
    }

    /** With other numbers of servers. */
    public RowNumbers withServers(Numbers<VsId, String> next) {
        return next.equals(servers) ? this : new RowNumbers(table, next);
    }

    /**
     * Without what is expired.
     *
     * @param used what is kept although it is expired
     */
    public RowNumbers without(RowNumbers expired, RowNumbers used) {
        return withTable(table.without(expired.table, used.table))
                .withServers(servers.without(expired.servers, used.servers));
    }
}
