package io.lvsd.conf.syntax;

import io.lvsd.conf.source.Origin;

/**
 * One word of a line, quotes removed.
 *
 * @param quoted whether it stood in double quotes
 */
public record Word(String text, Origin origin, boolean quoted) {}
