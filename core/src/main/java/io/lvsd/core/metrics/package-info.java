/** Meters, and the metrics that {@code /metrics} serves. */
@NullMarked
package io.lvsd.core.metrics;

import org.jspecify.annotations.NullMarked;
