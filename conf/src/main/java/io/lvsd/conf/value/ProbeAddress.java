package io.lvsd.conf.value;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a probe connects to, and from where.
 *
 * @param bindPort 0 lets the system choose
 * @param bindInterface empty for none
 * @param mark SO_MARK; 0 for none
 * @param deadline for each phase of a probe, connecting for example, and for each read; more than 0
 * @param total for the whole probe, more than 0; ends it even if each phase is within its deadline
 * @param realServer the real server that is probed through a virtual address, which {@code address} is then; {@code mark} picks
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
        Duration total,
        Optional<InetAddress> realServer) {
    /** {@code total} is this many times {@code deadline}, unless configured. */
    public static final int PHASES = 10;

    /** Straight to the real server. */
    public ProbeAddress(
            InetAddress address,
            int port,
            Optional<InetAddress> bindAddress,
            int bindPort,
            String bindInterface,
            long mark,
            Duration deadline) {
        this(
                address,
                port,
                bindAddress,
                bindPort,
                bindInterface,
                mark,
                deadline,
                deadline.multipliedBy(PHASES),
                Optional.empty());
    }

    /** Of the distinguishing parts only: this is computed at each probe. */
    @Override
    public int hashCode() {
        return 31 * address.hashCode() + port;
    }

    /** The same with another limit for the whole probe. */
    public ProbeAddress within(Duration other) {
        return within(deadline, other);
    }

    /** The same with another limit for each phase and for the whole probe. */
    public ProbeAddress within(Duration phase, Duration whole) {
        return new ProbeAddress(address, port, bindAddress, bindPort, bindInterface, mark, phase, whole, realServer);
    }

    /** The same from another address of this host. */
    public ProbeAddress from(InetAddress own) {
        return new ProbeAddress(
                address, port, Optional.of(own), bindPort, bindInterface, mark, deadline, total, realServer);
    }
}
