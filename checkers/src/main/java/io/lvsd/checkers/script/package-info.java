/** Check scripts as processes, with limits and a deadline. */
@NullMarked
package io.lvsd.checkers.script;

import org.jspecify.annotations.NullMarked;
