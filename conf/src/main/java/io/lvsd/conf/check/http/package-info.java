/** Requests and expectations of HTTP checks. */
@NullMarked
package io.lvsd.conf.check.http;

import org.jspecify.annotations.NullMarked;
