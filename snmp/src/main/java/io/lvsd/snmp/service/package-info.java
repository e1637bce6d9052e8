/** SNMP as a whole, over reloads: what core uses. */
@NullMarked
package io.lvsd.snmp.service;

import org.jspecify.annotations.NullMarked;
