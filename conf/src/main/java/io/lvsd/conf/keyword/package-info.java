/** Declarations of keywords, and reading values by them. Checks declare theirs in {@code conf.check}. */
package io.lvsd.conf.keyword;
