package io.lvsd.core.view;

/**
 * The progress of a real server that is drained. The names of the components are those of the JSON.
 *
 * @param drained whether it is removed from the table, or has weight 0 and no connections with {@code inhibit_on_failure}
 */
public record DrainReport(String virtualServer, String realServer, boolean drained, long activeConnections) {}
