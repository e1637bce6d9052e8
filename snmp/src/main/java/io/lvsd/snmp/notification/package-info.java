/** Notifications of changes of state, and their receivers: traps and informs of v2c and v3. */
@NullMarked
package io.lvsd.snmp.notification;

import org.jspecify.annotations.NullMarked;
