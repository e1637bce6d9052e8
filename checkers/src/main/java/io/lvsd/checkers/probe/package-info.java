/** What the engine sees of a probe: the check, the result, the report. */
@NullMarked
package io.lvsd.checkers.probe;

import org.jspecify.annotations.NullMarked;
