package io.lvsd.conf.check.http;

import java.util.List;

/**
 * An expression for the body of an answer. Two are equal if they were written alike.
 *
 * @param options names as they were written
 * @param wanted whether it must match; else it must not
 * @param minOffset target a match may begin, in bytes from the start of the body
 * @param maxOffset target it must begin before; 0 for anywhere
 */
public record Regex(String expression, List<String> options, boolean wanted, long minOffset, long maxOffset) {
    public Regex {
        options = List.copyOf(options);
    }
}
