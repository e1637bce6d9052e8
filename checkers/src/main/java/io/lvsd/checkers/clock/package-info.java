/** Pauses of this process and changes of the wall clock. */
@NullMarked
package io.lvsd.checkers.clock;

import org.jspecify.annotations.NullMarked;
