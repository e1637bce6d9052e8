package io.lvsd.conf.check.http;

import java.util.List;

/**
 * An expression for the body of a response. Two are equal if their texts are.
 *
 * @param options names as they were written
 * @param wanted whether it must match; else it must not
 * @param minOffset offset from which a match may begin, in bytes from the start of the body
 * @param maxOffset offset before which it must begin; 0: anywhere
 */
public record Regex(String expression, List<String> options, boolean wanted, long minOffset, long maxOffset) {
    public Regex {
        options = List.copyOf(options);
    }
}
