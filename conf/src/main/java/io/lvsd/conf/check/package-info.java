/** The kinds of checks. */
@NullMarked
package io.lvsd.conf.check;

import org.jspecify.annotations.NullMarked;
