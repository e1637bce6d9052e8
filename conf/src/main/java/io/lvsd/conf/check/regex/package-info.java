/** Regular expressions of PCRE2. */
@NullMarked
package io.lvsd.conf.check.regex;

import org.jspecify.annotations.NullMarked;
