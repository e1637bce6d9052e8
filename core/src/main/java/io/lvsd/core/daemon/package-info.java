/** Wiring and life cycle: start, reload, signals, stop. */
@NullMarked
package io.lvsd.core.daemon;

import org.jspecify.annotations.NullMarked;
