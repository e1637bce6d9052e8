/** The log: its set-up, its queue and its thread, its targets; and conditions that last. */
@NullMarked
package io.lvsd.core.log;

import org.jspecify.annotations.NullMarked;
