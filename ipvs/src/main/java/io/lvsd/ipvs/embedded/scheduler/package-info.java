/** The kernel's schedulers. */
@NullMarked
package io.lvsd.ipvs.embedded.scheduler;

import org.jspecify.annotations.NullMarked;
