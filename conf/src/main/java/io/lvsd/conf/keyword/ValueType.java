package io.lvsd.conf.keyword;

import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import java.util.Optional;

/**
 * Reads the words of a statement.
 *
 * @param <T> what they mean
 */
public interface ValueType<T> {
    /** What holds if a keyword stands twice in a block. */
    enum Twice {
        /** The last value, as an overriding include wants it. */
        LAST,
        /** The last value, and it is an error. */
        LAST_REPORTED,
        /** The first value, and it is an error. */
        FIRST_REPORTED,
        /** Every value. */
        ALL
    }

    /** The value; empty, with the problem reported, if the words are no such value. */
    Optional<T> read(Statement statement, Problems problems);

    /** How the value is written, as in {@code SECONDS}, for documentation and messages. */
    String form();

    /** How the value is written in HOCON. */
    Shape shape();

    Twice twice();

    /** What stands in the block that follows; empty if none follows, or if its lines hold no keywords. */
    Optional<Scope> inside();

    /** Whether a block must follow. */
    default boolean takesBlock() {
        return shape().isBlock();
    }

    /** Whether it may be written without a value. */
    default boolean isOptional() {
        return form().startsWith("[");
    }
}
