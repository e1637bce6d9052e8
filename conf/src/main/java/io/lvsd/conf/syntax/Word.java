package io.lvsd.conf.syntax;

import io.lvsd.conf.source.Origin;

/**
 * One word of a line, quotes removed.
 *
 * @param quoted whether it was in double quotes
 */
public record Word(String text, Origin origin, boolean quoted) {}
