package io.lvsd.core.control;

/**
 * The reply of the daemon.
 *
 * @param status exit status for the client command
 * @param body text for the user
 */
public record Reply(int status, String body) {}
