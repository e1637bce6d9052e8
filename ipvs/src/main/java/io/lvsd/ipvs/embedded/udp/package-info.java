/** Forwarding of UDP datagrams. */
@NullMarked
package io.lvsd.ipvs.embedded.udp;

import org.jspecify.annotations.NullMarked;
