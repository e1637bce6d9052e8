/** Passive checks, which report by themselves: tracked files and BFD sessions. */
@NullMarked
package io.lvsd.checkers.passive;

import org.jspecify.annotations.NullMarked;
