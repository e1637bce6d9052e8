package io.lvsd.ipvs.netlink;

import io.lvsd.ipvs.ffm.Libc;

/** Network namespaces that have a name, as ip-netns(8) makes them under /run/netns. */
public final class NetNamespace {
    /** {@code CLONE_NEWNET}, linux/sched.h. */
    private static final int CLONE_NEWNET = 0x4000_0000;

    private NetNamespace() {}

    /**
     * Moves the calling thread; threads that it starts from then on are born there. Sockets keep the namespace that they
     * were opened in. Needs CAP_SYS_ADMIN.
     *
     * @throws NetlinkException if there is no such namespace, or this process may not enter it
     */
    public static void enter(String name) {
        int fd = Libc.open("/run/netns/" + name, Libc.O_RDONLY_CLOEXEC);
        if (fd < 0) {
            throw NetlinkException.of("network namespace " + name, -fd);
        }
        int result = Libc.setns(fd, CLONE_NEWNET);
        int closed = Libc.close(fd);
        assert closed == 0;
        if (result < 0) {
            throw NetlinkException.of("entering network namespace " + name, -result);
        }
    }
}
