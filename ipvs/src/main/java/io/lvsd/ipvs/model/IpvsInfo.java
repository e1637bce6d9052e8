package io.lvsd.ipvs.model;

/**
 * The reply to {@code IPVS_CMD_GET_INFO}.
 *
 * @param version as in {@code 1.2.1}
 * @param connectionTableSize buckets of the connection hash table
 */
public record IpvsInfo(String version, long connectionTableSize) {}
