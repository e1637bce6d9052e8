/** LVS-MIB, served from snapshots: {@link io.lvsd.snmp.LvsView} is filled by core. */
package io.lvsd.snmp;
