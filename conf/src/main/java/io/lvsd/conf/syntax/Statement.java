package io.lvsd.conf.syntax;

import io.lvsd.conf.source.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A keyword with its words and, if braces followed, its block. Every syntax is read into a tree of these.
 *
 * @param block null if no braces followed
 * @param dropped whether the line could not be understood, which was reported: it has no effect, and it has no words and no
 *     block, but what was meant is known from its keyword
 */
public record Statement(
        Word keyword, List<Word> words, @Nullable List<Statement> block, boolean dropped) {
    public Statement {
        words = List.copyOf(words);
        block = block == null ? null : List.copyOf(block);
    }

    public Statement(Word keyword, List<Word> words, @Nullable List<Statement> block) {
        this(keyword, words, block, false);
    }

    /** A line that could not be understood. */
    static Statement dropped(Word keyword) {
        return new Statement(keyword, List.of(), null, true);
    }

    public String name() {
        return keyword.text();
    }

    public Origin origin() {
        return keyword.origin();
    }
}
