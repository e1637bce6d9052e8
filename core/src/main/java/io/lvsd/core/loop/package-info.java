/** The engine thread, the writer of the IPVS table, the event bus and the sorry listeners. */
@NullMarked
package io.lvsd.core.loop;

import org.jspecify.annotations.NullMarked;
