package io.lvsd.ipvs.model;

/**
 * A destination as the kernel reports it.
 *
 * @param active established connections
 * @param inactive other connections
 * @param persistent persistence templates
 */
public record DestinationState(IpvsDestination config, long active, long inactive, long persistent, IpvsStats stats) {
    /** A destination without connections. */
    public static DestinationState idle(IpvsDestination config) {
        return new DestinationState(config, 0, 0, 0, IpvsStats.ZERO);
    }

    public DestinationState withConfig(IpvsDestination newConfig) {
        return new DestinationState(newConfig, active, inactive, persistent, stats);
    }
}
