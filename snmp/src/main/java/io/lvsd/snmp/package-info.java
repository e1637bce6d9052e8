/** What the ways to serve SNMP have in common: their source, what they count, and the trees of walks in progress. */
@NullMarked
package io.lvsd.snmp;

import org.jspecify.annotations.NullMarked;
