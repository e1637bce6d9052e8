/** The MIBs as values: a view of the daemon becomes an immutable tree of instances. No sockets, no threads. */
@NullMarked
package io.lvsd.snmp.mib;

import org.jspecify.annotations.NullMarked;
