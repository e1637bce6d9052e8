/** An HTTP server: connections and their limits, access, routes. Knows nothing of virtual servers. */
@NullMarked
package io.lvsd.core.http;

import org.jspecify.annotations.NullMarked;
