/** The agent that listens itself: SNMPv1, v2c and v3 over UDP and TCP. Messages are processed by SNMP4J. */
@NullMarked
package io.lvsd.snmp.agent;

import org.jspecify.annotations.NullMarked;
