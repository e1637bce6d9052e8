package io.lvsd.core.page;

import java.time.Instant;

/**
 * One event on the page.
 *
 * @param level {@code INFO}, {@code WARN} or {@code ERROR}
 */
public record PageEvent(Instant at, String level, String text) {}
