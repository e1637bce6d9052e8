/** What checks share: targets, timing, and the values that they inherit. */
@NullMarked
package io.lvsd.conf.check.probe;

import org.jspecify.annotations.NullMarked;
