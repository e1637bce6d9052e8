package io.lvsd.ipvs.embedded;

import io.lvsd.ipvs.ffm.Errno;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A command that cannot be carried out: the errno that the kernel would have given, and what to do about it. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    final Errno errno;
    final String text;

    Refusal(Errno errno, String text) {
        super(text, null, false, false);
        this.errno = errno;
        this.text = text;
    }

    /** An address that could not be listened on. */
    static Refusal ofBind(IOException failure, InetSocketAddress address) {
        String host = io.lvsd.ipvs.model.Addresses.text(address.getAddress());
        int number = failure instanceof NativeIoException e ? Math.abs(e.expectedErr()) : Errno.EIO.number();
        if (number == Errno.EADDRNOTAVAIL.number()) {
            return new Refusal(
                    Errno.EADDRNOTAVAIL,
                    "this host does not have " + host + ": add it to an interface (ip address add " + host
                            + " dev INTERFACE), or allow addresses that are added later (sysctl"
                            + " net.ipv4.ip_nonlocal_bind=1)");
        }
        if (number == Errno.EADDRINUSE.number()) {
            return new Refusal(
                    Errno.EADDRINUSE,
                    "another process listens on port " + address.getPort() + " of " + host
                            + " or of every address (ss -lnp 'sport = " + address.getPort()
                            + "' shows it): stop it, or configure another port");
        }
        if (number == Errno.EACCES.number()) {
            return new Refusal(
                    Errno.EACCES,
                    "ports below 1024 need the capability CAP_NET_BIND_SERVICE, or a lower"
                            + " sysctl net.ipv4.ip_unprivileged_port_start");
        }
        return new Refusal(Errno.EIO, "cannot listen on this address: " + failure.getMessage());
    }
}
