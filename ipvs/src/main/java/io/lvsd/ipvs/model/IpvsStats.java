package io.lvsd.ipvs.model;

/**
 * Counters and rates of a service or destination, {@code IPVS_STATS_ATTR_*}. Unsigned 64-bit numbers: print them with
 * {@link Long#toUnsignedString}. Rates are per second, as the kernel's estimator smooths them.
 */
public record IpvsStats(
        long connections,
        long inPackets,
        long outPackets,
        long inBytes,
        long outBytes,
        long connectionRate,
        long inPacketRate,
        long outPacketRate,
        long inByteRate,
        long outByteRate) {
    public static final IpvsStats ZERO = new IpvsStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
