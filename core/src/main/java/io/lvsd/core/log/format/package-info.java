/** The forms of a log line. Pure: a record and a time zone always give the same text. */
@NullMarked
package io.lvsd.core.log.format;

import org.jspecify.annotations.NullMarked;
