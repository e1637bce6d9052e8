package io.lvsd.conf.keyword;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one declaration of a keyword, which parser, validation and documentation read.
 *
 * @param name canonical
 * @param aliases also accepted, without a warning
 * @param where blocks in which it may stand
 * @param defaultText what holds without it, in words for people
 * @param sentence what it does
 * @param <T> the type of its value
 */
public record Keyword<T>(
        String name,
        List<String> aliases,
        Set<Scope> where,
        ValueType<T> type,
        String defaultText,
        Support support,
        String sentence) {
    public Keyword {
        aliases = List.copyOf(aliases);
        where = Set.copyOf(where);
    }

    /** A keyword is declared once: it equals itself only. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** Whether this is what {@code word} means in a block of kind {@code scope}. */
    boolean matches(Scope scope, String word) {
        return where.contains(scope) && (name.equals(word) || aliases.contains(word));
    }
}
