/** Regular expressions on response bodies, with libpcre2 or with the Java runtime. */
@NullMarked
package io.lvsd.checkers.regex;

import org.jspecify.annotations.NullMarked;
