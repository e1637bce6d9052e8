package io.lvsd.conf.syntax;

import io.lvsd.conf.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A keyword with its words and, if braces followed, its block. Every syntax is read into a tree of these.
 *
 * @param block null if no braces followed
 */
public record Statement(
        Word keyword, List<Word> words, @Nullable List<Statement> block) {
    public Statement {
        words = List.copyOf(words);
        block = block == null ? null : List.copyOf(block);
    }

    public String name() {
        return keyword.text();
    }

    public Origin origin() {
        return keyword.origin();
    }
}
