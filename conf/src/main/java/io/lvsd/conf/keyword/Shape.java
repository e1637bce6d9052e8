package io.lvsd.conf.keyword;

import java.time.temporal.ChronoUnit;
import java.util.List;

/** How the words of a value, as keepalived's syntax has them, are written in HOCON. */
public sealed interface Shape {
    /** Shapes without details. */
    enum Simple implements Shape {
        /** One word: a string, number or boolean. */
        WORD,
        /** Words: a list, or a string that blanks divide. */
        WORDS,
        /** An address or name and perhaps a port: {@code "ADDRESS:PORT"}. */
        ENDPOINT,
        /** A command line; an object {@code { script, user, group }}; or a list, which is the command and its arguments. */
        SCRIPT,
        /** Several lines of one word: a string, or a list of them. */
        TEXTS,
        /** Several lines of words: a list of strings that blanks divide, or of lists of words; or one string. */
        PHRASES,
        /** Several lines of a name and a network, or another value: an object with a list for each name. */
        NETWORKS,
        /** A block of lines without keywords: a list of strings. */
        LINES,
        /** A block that is written once: an object. */
        OBJECT,
        /** A block that may be repeated: an object, or a list of them. */
        OBJECTS,
        /** Blocks whose first line has a name: an object with a key for each. */
        NAMED_OBJECTS,
        /** Blocks of lines without keywords, whose first line has a name: an object with a list of strings for each. */
        NAMED_LINES,
        /** Blocks whose first line has an address: a list of objects with the key {@code address}. */
        SERVERS,
        /** Virtual servers: an object with a key for each, which contains {@code address}, {@code fwmark} or {@code group}. */
        VIRTUAL_SERVERS
    }

    /** A time, whose unit must be written; keepalived's syntax has a bare number of {@code unit}. */
    record Time(ChronoUnit unit) implements Shape {}

    /**
     * Pairs of a name and a value: an object.
     *
     * @param first key of the word before the pairs; empty if there is none
     * @param names of the pairs
     * @param times those of them whose values are times in seconds
     */
    record Pairs(String first, List<String> names, List<String> times) implements Shape {}

    /** Whether the words are followed by a block. */
    default boolean isBlock() {
        return switch (this) {
            case Simple simple ->
                switch (simple) {
                    case WORD, WORDS, TEXTS, PHRASES, ENDPOINT, SCRIPT, NETWORKS -> false;
                    case LINES, OBJECT, OBJECTS, NAMED_OBJECTS, NAMED_LINES, SERVERS, VIRTUAL_SERVERS -> true;
                };
            case Time _, Pairs _ -> false;
        };
    }
}
