package io.lvsd.ipvs.netlink;

import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.ffm.Libc;
import io.lvsd.ipvs.ffm.ReceiveBuffer;
import io.lvsd.ipvs.ffm.ReceiveBuffer.Received;
import io.lvsd.ipvs.ffm.SockaddrNl;
import java.time.Duration;

/**
 * Reports changes of the addresses of this network namespace: rtnetlink's groups for IPv4 and IPv6 addresses
 * (linux/rtnetlink.h). What changed is not read here. Opened, used and closed on one thread.
 */
public final class AddressEvents implements AutoCloseable {
    private static final int NETLINK_ROUTE = 0;
    /** {@code RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR}. */
    private static final int GROUPS = 0x10 | 0x100;

    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;

    private final int fd;
    private final ReceiveBuffer buffer = new ReceiveBuffer();

    private AddressEvents(int fd) {
        this.fd = fd;
    }

    /**
     * Listens from now on.
     *
     * @param patience of {@link #await}
     * @throws NetlinkException if the kernel does not let it
     */
    public static AddressEvents open(Duration patience) {
        int fd = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW_CLOEXEC, NETLINK_ROUTE);
        if (fd < 0) {
            throw NetlinkException.of("socket(NETLINK_ROUTE)", -fd);
        }
        AddressEvents events = new AddressEvents(fd);
        int bound = Libc.bind(fd, new SockaddrNl(0, GROUPS));
        int timed = Libc.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, patience);
        if (bound < 0 || timed < 0) {
            events.close();
            throw NetlinkException.of("listening to addresses", -Math.min(bound, timed));
        }
        return events;
    }

    /** Whether something may have changed since the last call: lost messages count as a change. Blocks up to the patience. */
    public boolean await() {
        return switch (buffer.receive(fd)) {
            case Received.Datagram _, Received.TooLong _ -> true;
            case Received.Failed(int errno) -> errno != Errno.EAGAIN.number() && errno != Errno.EINTR.number();
        };
    }

    @Override
    public void close() {
        var _ = Libc.close(fd);
        buffer.close();
    }
}
