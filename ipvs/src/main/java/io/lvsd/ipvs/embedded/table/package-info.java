/** Destinations with their counters, and the clients that are assigned to them. */
@NullMarked
package io.lvsd.ipvs.embedded.table;

import org.jspecify.annotations.NullMarked;
