package io.lvsd.core.view;

import java.time.Instant;

/**
 * The configuration in effect. The names of the components are those of the JSON.
 *
 * @param file as given on the command line
 * @param hash as in the status
 * @param loaded when it took effect
 * @param format {@code keepalived} or {@code hocon}
 * @param text with all defaults written out, and without secrets
 */
public record ConfigReport(String file, String hash, Instant loaded, String format, String text) {}
