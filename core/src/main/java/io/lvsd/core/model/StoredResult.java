package io.lvsd.core.model;

/**
 * The stored state of a check, or of the quorum of a virtual server, and when it began.
 *
 * @param reason why a check is down, as in the log; empty if it is up, or for a quorum
 * @param bootId the boot in which the state began
 * @param changedMillis when it began, in milliseconds since that boot
 */
public record StoredResult(boolean up, String reason, String bootId, long changedMillis) {}
