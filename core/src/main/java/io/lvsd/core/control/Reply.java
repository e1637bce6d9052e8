package io.lvsd.core.control;

/**
 * What a daemon answers.
 *
 * @param status exit status for the client command
 * @param body text for its user
 */
public record Reply(int status, String body) {}
