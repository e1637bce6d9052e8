package io.lvsd.ipvs;

import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/**
 * A table of services and destinations: the kernel's, or one that behaves like it. Used by one thread, which is also
 * the one that closes it.
 */
public interface IpvsClient extends AutoCloseable {
    /**
     * Reads everything. Blocks up to the socket's deadline per datagram.
     *
     * @throws io.lvsd.ipvs.netlink.NetlinkException if the link is broken; the next call opens another
     */
    IpvsSnapshot read();

    /**
     * Reads what belongs to no service.
     *
     * @throws io.lvsd.ipvs.netlink.NetlinkException as {@link #read()}
     */
    IpvsGlobals globals();

    /**
     * Reads the keys of all services.
     *
     * @return in the order of the table; as in {@link IpvsSnapshot}, absence is a hint
     * @throws io.lvsd.ipvs.netlink.NetlinkException as {@link #read()}
     */
    List<ServiceKey> list();

    /**
     * Reads some services with their destinations. The cost depends on these services, not on the table.
     *
     * @return by key; a service that is not in the table has no entry
     * @throws io.lvsd.ipvs.netlink.NetlinkException as {@link #read()}
     */
    SortedMap<ServiceKey, ServiceState> read(Collection<ServiceKey> keys);

    /**
     * Carries out commands in order; one that fails does not stop those behind it.
     *
     * @return one result for each command, in their order
     * @throws io.lvsd.ipvs.netlink.NetlinkException if answers were lost: what was carried out is unknown, read again
     */
    List<ApplyResult> apply(List<IpvsCommand> commands);

    @Override
    void close();
}
