package io.lvsd.ipvs.netlink;

/** Carries datagrams to and from the kernel. Used by one thread. */
public interface NetlinkTransport extends AutoCloseable {
    /** @throws NetlinkException if the kernel did not take the whole datagram */
    void send(byte[] datagram);

    /**
     * Waits for one datagram.
     *
     * @throws NetlinkException with the errno: EAGAIN after the deadline, ENOBUFS if replies were lost
     */
    byte[] receive();

    @Override
    void close();
}
