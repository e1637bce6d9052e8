package io.lvsd.conf.keyword;

import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import java.util.Optional;

/**
 * Reads the words of a statement.
 *
 * @param <T> the type of the value
 */
public interface ValueType<T> {
    /** The value; empty, with the problem reported, if the words are invalid. */
    Optional<T> read(Statement statement, Problems problems);

    /** The syntax of the value, as in {@code SECONDS}, for documentation and messages. */
    String form();

    /** How the value is written in HOCON. */
    Shape shape();

    /** Which value applies if the keyword is repeated. */
    DuplicatePolicy duplicates();

    /** The keywords of the block that follows; empty if none follows, or if its lines are not keywords. */
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
