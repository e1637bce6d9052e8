package io.lvsd.core.page;

import java.time.Instant;

/**
 * One event on the page.
 *
 * @param level {@code INFO}, {@code WARN} or {@code ERROR}
 * @param name such as {@code rs.down}
 * @param text its fields as in the log
 */
public record PageEvent(Instant at, String level, String name, String text) {}
