package io.lvsd.ipvs.netlink;

import io.lvsd.ipvs.ffm.Errno;

/**
 * The connection to the kernel is broken, or it sent a message that cannot be decoded. What to do: close the socket, open another
 * and read the table again. A command that the kernel refused is not an exception but a result.
 */
public final class NetlinkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    public NetlinkException(String message) {
        this(message, 0);
    }

    private NetlinkException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    public static NetlinkException of(String operation, int errno) {
        return new NetlinkException(operation + ": " + Errno.describe(errno), errno);
    }

    /** The error number behind this, or 0. */
    public int errno() {
        return errno;
    }

    public boolean is(Errno other) {
        return errno == other.number();
    }
}
