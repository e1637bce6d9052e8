/**
 * AgentX subagent, RFC 2741: {@link io.lvsd.snmp.agentx.AgentxSession} registers subtrees with a master agent, serves its
 * requests from trees of instances, and sends it notifications.
 */
@NullMarked
package io.lvsd.snmp.agentx;

import org.jspecify.annotations.NullMarked;
