package io.lvsd.snmp.agentx;

import java.time.Duration;

/**
 * Durations of a session; tests use shorter ones.
 *
 * @param response within which the master must respond
 * @param ping interval between two Ping-PDUs
 * @param firstRetry delay of the first reconnect, and of the first new attempt to register a subtree; doubled each time
 * @param maxRetry the longest delay of a reconnect
 * @param maxRegistration the longest delay of a new attempt to register a subtree
 * @param unwritable how long the master may leave what was sent unread
 * @param request within which a request of the master is processed
 */
record AgentxTimings(
        Duration response,
        Duration ping,
        Duration firstRetry,
        Duration maxRetry,
        Duration maxRegistration,
        Duration unwritable,
        Duration request) {
    static final AgentxTimings DEFAULT = new AgentxTimings(
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(4));
}
