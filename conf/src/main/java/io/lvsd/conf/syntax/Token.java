package io.lvsd.conf.syntax;

import io.lvsd.conf.source.Origin;
import java.util.List;

/** What the lexer makes of a physical line: words up to a brace or the end, and the braces themselves. */
sealed interface Token {
    /** Words that belong together; never empty. */
    record Line(List<Word> words) implements Token {}

    /** Words that could not be understood, which was reported: they and the block that follows have no effect. */
    record Dropped(Word keyword) implements Token {}

    /** An opening brace. */
    record Open(Origin origin) implements Token {}

    /** A closing brace. */
    record Close(Origin origin) implements Token {}
}
