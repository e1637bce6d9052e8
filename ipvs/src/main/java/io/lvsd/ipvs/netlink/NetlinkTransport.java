package io.lvsd.ipvs.netlink;

import java.nio.ByteBuffer;

/** Carries datagrams to and from the kernel. Used by one thread. */
public interface NetlinkTransport extends AutoCloseable {
    /** @throws NetlinkException if the kernel did not take the whole datagram */
    void send(byte[] datagram);

    /**
     * Waits for one datagram.
     *
     * @return its bytes in the byte order of this machine, valid until the next call
     * @throws NetlinkException with the errno: EAGAIN after the deadline, ENOBUFS if replies were lost
     */
    ByteBuffer receive();

    @Override
    void close();
}
