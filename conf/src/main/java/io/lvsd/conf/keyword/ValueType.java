package io.lvsd.conf.keyword;

import io.lvsd.conf.Problems;
import io.lvsd.conf.syntax.Statement;
import java.util.Optional;

/**
 * Reads the words of a statement.
 *
 * @param <T> what they mean
 */
public interface ValueType<T> {
    /** The value; empty, with the problem reported, if the words are no such value. */
    Optional<T> read(Statement statement, Problems problems);

    /** How the value is written, as in {@code SECONDS}, for documentation and messages. */
    String form();

    /** Whether a block must follow. */
    default boolean takesBlock() {
        return false;
    }
}
