/** The protocol of {@code pass_persist} of net-snmp's snmpd, over standard input and output. */
@NullMarked
package io.lvsd.snmp.pass;

import org.jspecify.annotations.NullMarked;
