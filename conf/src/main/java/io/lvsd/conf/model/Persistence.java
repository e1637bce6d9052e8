package io.lvsd.conf.model;

/**
 * Persistence of a virtual server.
 *
 * @param timeoutSeconds 1 to 2678400
 * @param granularity IPv4: mask as a number; IPv6: prefix length 1 to 128
 * @param engine kernel name, or empty
 */
public record Persistence(long timeoutSeconds, long granularity, String engine) {}
