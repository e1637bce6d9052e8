package io.lvsd.ipvs.model;

/**
 * What {@code IPVS_CMD_GET_INFO} says.
 *
 * @param version as in {@code 1.2.1}
 * @param connectionTableSize buckets of the connection hash table
 */
public record IpvsInfo(String version, long connectionTableSize) {}
