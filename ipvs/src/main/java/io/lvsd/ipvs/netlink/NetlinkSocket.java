package io.lvsd.ipvs.netlink;

import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.ffm.Libc;
import io.lvsd.ipvs.ffm.ReceiveBuffer;
import io.lvsd.ipvs.ffm.ReceiveBuffer.Received;
import io.lvsd.ipvs.ffm.SockaddrNl;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A generic netlink socket in the network namespace of the calling thread. Open, use and close it on one platform
 * thread: a native call occupies its carrier.
 */
public final class NetlinkSocket implements NetlinkTransport {
    private static final int NETLINK_GENERIC = 16;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    /** Room for the acknowledgements of a batch in which every command fails. */
    private static final int BUFFER_BYTES = 4 * 1024 * 1024;

    private final int fd;
    private final ReceiveBuffer buffer = new ReceiveBuffer();

    private NetlinkSocket(int fd) {
        this.fd = fd;
    }

    /**
     * Opens and binds a socket.
     *
     * @param deadline how long one receive may wait
     * @throws NetlinkException with the errno of the call that failed
     */
    public static NetlinkSocket open(Duration deadline) {
        int fd = check("socket(AF_NETLINK)", Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW_CLOEXEC, NETLINK_GENERIC));
        NetlinkSocket socket = new NetlinkSocket(fd);
        try {
            check("bind", Libc.bind(fd, new SockaddrNl(0, 0)));
            check("SO_RCVTIMEO", Libc.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, deadline));
            check("NETLINK_EXT_ACK", Libc.setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1));
            check("NETLINK_CAP_ACK", Libc.setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1));
            // Wants CAP_NET_ADMIN of the initial user namespace; without it the default size has to do.
            var _ = Libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
                    + Libc.setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, BUFFER_BYTES);
            return socket;
        } catch (NetlinkException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void send(byte[] datagram) {
        long sent;
        do {
            sent = Libc.send(fd, datagram);
        } while (sent == -Errno.EINTR.number());
        if (sent < 0) {
            throw NetlinkException.of("netlink send", (int) -sent);
        }
        if (sent != datagram.length) {
            throw new NetlinkException("netlink send: " + sent + " of " + datagram.length + " bytes");
        }
    }

    @Override
    public ByteBuffer receive() {
        while (true) {
            switch (buffer.receive(fd)) {
                case Received.Datagram(ByteBuffer bytes) -> {
                    return bytes;
                }
                case Received.TooLong(long length) ->
                    throw new NetlinkException(
                            "netlink receive: a datagram of " + length + " bytes, buffer " + ReceiveBuffer.SIZE);
                case Received.Failed(int errno) -> {
                    if (errno != Errno.EINTR.number()) {
                        throw NetlinkException.of("netlink receive", errno);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        var _ = Libc.close(fd);
        buffer.close();
    }

    private static int check(String operation, int result) {
        if (result < 0) {
            throw NetlinkException.of(operation, -result);
        }
        return result;
    }
}
