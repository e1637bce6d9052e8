/** The IPVS table of the running kernel. */
@NullMarked
package io.lvsd.ipvs.kernel;

import org.jspecify.annotations.NullMarked;
