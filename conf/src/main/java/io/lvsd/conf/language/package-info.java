/** The configuration language as a whole: all keywords, their documentation, completion. */
@NullMarked
package io.lvsd.conf.language;

import org.jspecify.annotations.NullMarked;
