package io.lvsd.ipvs.model;

import org.jspecify.annotations.Nullable;

/**
 * The attributes of a destination.
 *
 * @param weight 0 to 2147483647; 0 takes no new connections
 * @param upperThreshold active connections above which it takes no more; 0 is no limit
 * @param lowerThreshold active connections below which it takes some again; 0 is three quarters of the upper one
 * @param tunnel {@link Tunnel#NONE} unless {@code method} is the tunnel
 */
public record IpvsDestination(
        DestinationKey key,
        ForwardingMethod method,
        long weight,
        long upperThreshold,
        long lowerThreshold,
        Tunnel tunnel) {
    public IpvsDestination {
        if (!method.equals(ForwardingMethod.TUNNEL)) {
            tunnel = Tunnel.NONE;
        }
    }

    /** As that of the record, and many times faster: each plan compares all destinations of a service. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof IpvsDestination destination
                        && weight == destination.weight
                        && upperThreshold == destination.upperThreshold
                        && lowerThreshold == destination.lowerThreshold
                        && key.equals(destination.key)
                        && method.equals(destination.method)
                        && tunnel.equals(destination.tunnel);
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + Long.hashCode(weight);
    }

    /** A destination without thresholds. */
    public static IpvsDestination of(DestinationKey key, ForwardingMethod method, long weight) {
        return new IpvsDestination(key, method, weight, 0, 0, Tunnel.NONE);
    }

    public IpvsDestination withWeight(long newWeight) {
        return new IpvsDestination(key, method, newWeight, upperThreshold, lowerThreshold, tunnel);
    }

    /** Whether it takes new connections. */
    public boolean usable() {
        return weight > 0;
    }
}
