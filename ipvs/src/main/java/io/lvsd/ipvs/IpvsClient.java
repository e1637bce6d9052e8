package io.lvsd.ipvs;

import java.util.List;

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
     * Carries out commands in order; one that fails does not stop those behind it.
     *
     * @return one result for each command, in their order
     * @throws io.lvsd.ipvs.netlink.NetlinkException if answers were lost: what was carried out is unknown, read again
     */
    List<ApplyResult> apply(List<IpvsCommand> commands);

    @Override
    void close();
}
