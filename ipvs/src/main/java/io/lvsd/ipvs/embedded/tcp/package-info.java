/** Forwarding of TCP connections. */
@NullMarked
package io.lvsd.ipvs.embedded.tcp;

import org.jspecify.annotations.NullMarked;
