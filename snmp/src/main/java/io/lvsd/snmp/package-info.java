/** LVS-MIB, served from snapshots: {@link io.lvsd.snmp.LvsView} is what core fills, the rest follows from it. */
package io.lvsd.snmp;
