/** Protocols of the checks: received bytes in, actions out. No sockets, channels, threads or clocks. */
@NullMarked
package io.lvsd.checkers.protocol;

import org.jspecify.annotations.NullMarked;
