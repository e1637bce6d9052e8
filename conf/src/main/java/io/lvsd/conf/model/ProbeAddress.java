package io.lvsd.conf.model;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a probe connects to, and from where.
 *
 * @param bindPort 0 lets the system choose
 * @param bindInterface empty for none
 * @param mark SO_MARK; 0 for none
 * @param deadline for the whole probe
 * @param behind the real server that is probed through a virtual address, which {@code address} is then; {@code mark} picks
 *     the one service of the table that leads to it
 */
public record ProbeAddress(
        InetAddress address,
        int port,
        Optional<InetAddress> bindAddress,
        int bindPort,
        String bindInterface,
        long mark,
        Duration deadline,
        Optional<InetAddress> behind) {
    /** Straight to the real server. */
    public ProbeAddress(
            InetAddress address,
            int port,
            Optional<InetAddress> bindAddress,
            int bindPort,
            String bindInterface,
            long mark,
            Duration deadline) {
        this(address, port, bindAddress, bindPort, bindInterface, mark, deadline, Optional.empty());
    }

    /** Of what tells addresses apart: this is asked for at each probe. */
    @Override
    public int hashCode() {
        return 31 * address.hashCode() + port;
    }

    /** The same with another deadline. */
    public ProbeAddress within(Duration other) {
        return new ProbeAddress(address, port, bindAddress, bindPort, bindInterface, mark, other, behind);
    }

    /** The same from another address of this host. */
    public ProbeAddress from(InetAddress own) {
        return new ProbeAddress(address, port, Optional.of(own), bindPort, bindInterface, mark, deadline, behind);
    }
}
