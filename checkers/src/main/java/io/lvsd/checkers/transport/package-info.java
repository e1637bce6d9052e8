/** Sockets, event loops and Netty channels that carry out the actions of a protocol. */
@NullMarked
package io.lvsd.checkers.transport;

import org.jspecify.annotations.NullMarked;
