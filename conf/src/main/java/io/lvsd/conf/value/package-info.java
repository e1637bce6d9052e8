/** Values of keywords: addresses, protocols, forwarding methods, TLS settings, programs. */
@NullMarked
package io.lvsd.conf.value;

import org.jspecify.annotations.NullMarked;
