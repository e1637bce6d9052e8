/** Services, their connections and sessions, and persistence. */
@NullMarked
package io.lvsd.ipvs.embedded.flow;

import org.jspecify.annotations.NullMarked;
