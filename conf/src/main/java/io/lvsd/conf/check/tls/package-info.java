/** TLS settings of checks. */
@NullMarked
package io.lvsd.conf.check.tls;

import org.jspecify.annotations.NullMarked;
